import { changedMembers } from '../credentials/changed-members.rules.js';
import {
  NO_REPLACEMENT,
  stateAt,
  type CredentialState,
  type StateChangeReason,
  type StateName,
} from '../credentials/credential-state.rules.js';
import { allowsLogins } from '../credentials/login.rules.js';
import { changesState, stateAfterManualChange, isLock, type CallerMode } from '../credentials/state-change.rules.js';
import { checkNotArchived, checkReplacement, checkStateChange } from '../credentials/state-refusals.rules.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import { refusal, type CertificateColumns, type Decision } from './certificate-decision.js';
import { stateAfterViolation, stateAfterAcceptedCertificate } from './certificate-state.rules.js';
import { evaluateEnabling, evaluateUpload, validityOf, type UploadContext } from './certificate-upload.rules.js';
import type { RuleOutcome } from './rule-outcome.js';

/** The members that were sent, with the certificate already parsed. `null` clears the comment (contract 3.1). */
export interface CertificatePatch {
  readonly stateName?: Exclude<StateName, 'archived'> | undefined;
  readonly newCertificate?: Certificate | undefined;
  readonly modificationComment?: string | null | undefined;
}

/** The current row, with the digest of its certificate. */
export interface CurrentCertificate extends CertificateColumns {
  readonly sha256: Buffer;
}

export interface UpdateInput extends UploadContext {
  readonly credential: CurrentCertificate;
  readonly patch: CertificatePatch;
  /** The reason of a new state, instead of the one that says who sets it. */
  readonly changeReason?: StateChangeReason | undefined;
}

/** Decides on a PATCH of a certificate credential (contract 3.1, 3.9, 5, 6). */
export function decideUpdate(input: UpdateInput): Decision<Partial<CertificateColumns>> {
  const { mode, owner, now, policy } = input;
  const archived = refusal(checkNotArchived(owner, input.credential.state));
  if (archived !== undefined) return archived;

  const credential = stateAt(input.credential, now);
  const { stateName, newCertificate, modificationComment } = removeUnchanged(input.patch, credential, mode, now);
  const upload =
    newCertificate === undefined ? evaluateEnabling(stateName, input) : evaluateUpload(newCertificate, input);
  const errors = [
    ...(stateName === undefined ? [] : checkStateChange(mode, credential, stateName, now)),
    ...(newCertificate === undefined ? [] : checkReplacement(mode, credential, 'certificate', now)),
    ...upload.refusals,
  ];
  const refused = refusal(errors, upload.outcomes);
  if (refused !== undefined) return refused;

  const next: CertificateColumns = {
    ...credential,
    ...stateAfter({ ...input, credential }, stateName, newCertificate !== undefined, upload.disabling),
    // A newer credential ends the certificate that it replaces, not the one that is stored now.
    ...(newCertificate === undefined ? {} : { ...validityOf(newCertificate, policy, now), ...NO_REPLACEMENT }),
    ...(modificationComment === undefined ? {} : { comment: modificationComment }),
  };
  const changed = [
    ...(newCertificate === undefined ? [] : (['certificate'] as const)),
    ...changedMembers(credential, next, now),
  ];
  if (changed.length === 0) return { kind: 'unchanged', outcomes: upload.outcomes };
  return {
    kind: 'changed',
    changes: difference(input.credential, next),
    certificate: newCertificate,
    changed,
    outcomes: upload.outcomes,
  };
}

/** Whether the state that was sent is a change to one that allows logins. */
export function isEnabledBy(
  mode: CallerMode,
  credential: CredentialState,
  stateName: StateName | undefined,
  now: Date,
): boolean {
  if (stateName === undefined || !allowsLogins(stateName)) return false;
  return changesState(mode, stateAt(credential, now), stateName, now);
}

/** Consoles send back what they have read, so a value equal to the current one counts as not sent (contract 3.1). */
function removeUnchanged(
  patch: CertificatePatch,
  credential: CurrentCertificate,
  mode: CallerMode,
  now: Date,
): CertificatePatch {
  const { stateName, newCertificate, modificationComment } = patch;
  return {
    stateName: stateName !== undefined && changesState(mode, credential, stateName, now) ? stateName : undefined,
    newCertificate: newCertificate?.sha256.equals(credential.sha256) ? undefined : newCertificate,
    modificationComment: modificationComment === credential.comment ? undefined : modificationComment,
  };
}

/**
 * The precedence of contract 6.4: a violation of the policy, then the state that was sent, then the effect of an
 * accepted certificate.
 */
function stateAfter(
  { mode, credential, policy, now, changeReason }: UpdateInput,
  asked: StateName | undefined,
  replacing: boolean,
  disabling: readonly RuleOutcome[],
): CredentialState {
  const current = replacing ? { ...credential, failures: 0, failuresSinceLock: 0, successes: 0 } : credential;
  const stored = replacing && disabling.length === 0 ? stateAfterAcceptedCertificate(mode, current) : current;
  // A lock is set on top of the state that the certificate results in; any other state replaces it.
  const from = asked !== undefined && isLock(asked) ? stored : current;
  const next =
    asked === undefined
      ? stored
      : stateAfterManualChange({
          mode,
          credential: from,
          to: asked,
          locking: policy.locking,
          replacing,
          changeReason,
          now,
        });
  return disabling.length > 0 ? stateAfterViolation(mode, current, asked, next, disabling) : next;
}

function difference(row: CertificateColumns, next: CertificateColumns): Partial<CertificateColumns> {
  const columns = Object.keys(next) as (keyof CertificateColumns)[];
  return Object.fromEntries(columns.filter((name) => !same(row[name], next[name])).map((name) => [name, next[name]]));
}

function same(one: unknown, other: unknown): boolean {
  return one instanceof Date && other instanceof Date ? one.getTime() === other.getTime() : one === other;
}
