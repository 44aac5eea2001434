import { changedMembers } from '../../credentials/changed-members.rules.js';
import { type CredentialState, stateAt, type StateChangeReason } from '../../credentials/credential-state.rules.js';
import { checkNotArchived } from '../../credentials/state-refusals.rules.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { type CertificateColumns, refusal } from '../certificate-decision.js';
import { stateAfterAcceptedCertificate, stateAfterViolation } from '../certificate-state.rules.js';
import { evaluateUpload, type UploadContext, validityOf } from '../certificate-upload.rules.js';
import type { RuleOutcome } from '../rule-outcome.js';
import type { PolicyDecision } from './policy-decision.js';

export interface MoveInput extends UploadContext {
  readonly credential: CertificateColumns;
  /** The stored one. */
  readonly certificate: Certificate;
  /** Whether the credential has the new policy already. */
  readonly isUnderPolicy: boolean;
  readonly modificationComment?: string | undefined;
  readonly changeReason: StateChangeReason;
}

/** Decides on moving a credential to another policy: by an upload of the stored certificate (contract 17.1). */
export function decideMove(input: MoveInput): PolicyDecision {
  const { owner, now, policy, certificate, isUnderPolicy, modificationComment } = input;
  const archived = refusal(checkNotArchived(owner, input.credential.state));
  if (archived !== undefined) return archived;
  if (isUnderPolicy) return { kind: 'unchanged', outcomes: [] };
  const upload = evaluateUpload(certificate, input);
  const refused = refusal(upload.refusals, upload.outcomes);
  if (refused !== undefined) return refused;
  const credential = stateAt(input.credential, now);
  const next: CertificateColumns = {
    ...credential,
    ...stateAfterMove(credential, upload.disabling, input.changeReason),
    ...validityOf(certificate, policy, now),
    ...(modificationComment === undefined ? {} : { comment: modificationComment }),
  };
  const changed = ['policyExtId', ...changedMembers(credential, next, now)];
  return { kind: 'changed', next, changed, outcomes: upload.outcomes };
}

/** What disabled the certificate for another reason than the policy, such as a revocation, still does. */
function stateAfterMove(
  current: CredentialState,
  disabling: readonly RuleOutcome[],
  changeReason: StateChangeReason,
): CredentialState {
  const { state, reason } = current;
  if (state === 'disabled' && (reason === 'cert-revoked' || reason === 'renewal')) return current;
  if (disabling.length > 0) return stateAfterViolation('administrator', current, undefined, current, disabling);
  if (reason !== 'policy-check-failed') return current;
  const accepted = stateAfterAcceptedCertificate('administrator', current);
  return accepted.reason === 'cert-uploaded' ? { ...accepted, reason: changeReason } : accepted;
}
