import type { CredentialState, StateName } from '../credentials/credential-state.rules.js';
import { initialState } from '../credentials/first-state.rules.js';
import { checkMaxCount, checkNotArchived, checkInitialState } from '../credentials/state-refusals.rules.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import { refusal, type CertificateColumns, type Changed, type Refused } from './certificate-decision.js';
import {
  disabledByPolicy,
  evaluateUpload,
  setterReplacedByPolicy,
  validityOf,
  type UploadContext,
} from './certificate-upload.rules.js';
import type { RuleOutcome } from './rule-outcome.js';

export interface CreationInput extends UploadContext {
  readonly certificate: Certificate;
  readonly stateName?: StateName | undefined;
  /** The number of certificates that the user has, and the maximum. */
  readonly count: number;
  readonly maxCount: number;
}

/** Decides whether a new certificate credential is stored, and in which state (contract 3.9, 4.6, 5.4, 6.4). */
export function decideCreate(input: CreationInput): Refused | Changed<CertificateColumns> {
  const { mode, certificate, policy, owner, now, stateName = 'active', count, maxCount } = input;
  const upload = evaluateUpload(certificate, input);
  const archived = refusal(checkNotArchived(owner), upload.outcomes);
  if (archived !== undefined) return archived;

  const refused = refusal(
    [...checkInitialState(mode, stateName), ...checkMaxCount('certificates', count, maxCount), ...upload.refusals],
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
  const state = initialState({ ...first, stateName });
  if (disabling.length === 0) return state;
  return { ...state, ...disabledByPolicy(setterReplacedByPolicy(mode, stateName), disabling) };
}
