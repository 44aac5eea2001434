import type { CredentialState, StateName } from '../credentials/credential-state.rules.js';
import { firstState } from '../credentials/first-state.rules.js';
import { refusalOfAnother, refusalOfArchived, refusalOfFirstState } from '../credentials/state-refusals.rules.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import { refusal, type CertificateColumns, type Changed, type Refused } from './certificate-decision.js';
import {
  disabledByPolicy,
  judgeUpload,
  setterBeneathPolicy,
  validityOf,
  type UploadCircumstances,
} from './certificate-upload.rules.js';
import type { RuleOutcome } from './rule-outcome.js';

export interface CreationInput extends UploadCircumstances {
  readonly certificate: Certificate;
  readonly stateName?: StateName | undefined;
  /** Of the user's certificates, how many there are and how many there may be. */
  readonly count: number;
  readonly most: number;
}

/** Whether and in which state a new certificate credential is stored (contract 3.9, 4.6, 5.4, 6.4). */
export function decideCreate(input: CreationInput): Refused | Changed<CertificateColumns> {
  const { mode, certificate, policy, owner, now, stateName = 'active', count, most } = input;
  const archived = refusal(refusalOfArchived(owner));
  if (archived !== undefined) return archived;

  const upload = judgeUpload(certificate, input);
  const refused = refusal(
    [...refusalOfFirstState(mode, stateName), ...refusalOfAnother('certificates', count, most), ...upload.refusals],
    upload.outcomes,
  );
  if (refused !== undefined) return refused;

  const state = stateOf(input, stateName, upload.disabling);
  return {
    kind: 'changed',
    changes: { ...state, ...validityOf(certificate, policy, now), comment: null },
    certificate,
    changed: [
      'certificate',
      'validity',
      'stateName',
      'stateChangeReason',
      ...(state.detail === null ? [] : (['stateChangeDetail'] as const)),
    ],
    outcomes: upload.outcomes,
  };
}

function stateOf(
  { mode, policy, now }: CreationInput,
  stateName: StateName,
  disabling: readonly RuleOutcome[],
): CredentialState {
  const reason = mode === 'selfAdmin' ? 'cert-uploaded' : 'initialized';
  const first = { mode, reason, locking: policy.locking, now } as const;
  const state = firstState({ ...first, stateName });
  if (disabling.length === 0) return state;
  return { ...state, ...disabledByPolicy(setterBeneathPolicy(mode, stateName), disabling) };
}
