import { changedMembers } from '../../credentials/changed-members.rules.js';
import { checkNotArchived } from '../../credentials/state-refusals.rules.js';
import { type CertificateColumns, refusal } from '../certificate-decision.js';
import { evaluateEnabling, type UploadContext } from '../certificate-upload.rules.js';
import type { PolicyDecision } from './policy-decision.js';

export interface RestoreInput extends UploadContext {
  readonly credential: CertificateColumns;
  /** What the credential is to have again. */
  readonly restored: Partial<CertificateColumns> & Pick<CertificateColumns, 'state'>;
  readonly isUnderPolicy: boolean;
}

/** Decides on undoing a change (contract 17.3). A state that allows logins is evaluated as when it is enabled (13.4). */
export function decideRestore(input: RestoreInput): PolicyDecision {
  const { owner, now, credential, restored, isUnderPolicy } = input;
  const archived = refusal(checkNotArchived(owner, credential.state));
  if (archived !== undefined) return archived;
  const enabling = evaluateEnabling(restored.state, input);
  const refused = refusal(enabling.refusals, enabling.outcomes);
  if (refused !== undefined) return refused;
  const next: CertificateColumns = { ...credential, ...restored };
  const changed = [...(isUnderPolicy ? [] : ['policyExtId']), ...changedMembers(credential, next, now)];
  return { kind: 'changed', next, changed, outcomes: enabling.outcomes };
}
