import { shownLock, type CredentialState, type StateName } from '../credentials/credential-state.rules.js';
import { reasonForChangeBy, isDisabledByPerson, personOf, type CallerMode } from '../credentials/state-change.rules.js';
import { disabledByPolicy, setterReplacedByPolicy } from './certificate-upload.rules.js';
import type { RuleOutcome } from './rule-outcome.js';

/**
 * The state after the policy has disabled a certificate (contract 6.4). A state that an administrator sends in the same
 * request is applied first; `next` is the state after that alone.
 */
export function stateAfterViolation(
  mode: CallerMode,
  current: CredentialState,
  asked: StateName | undefined,
  next: CredentialState,
  disabling: readonly RuleOutcome[],
): CredentialState {
  const isShownLock = shownLock(current) !== null;
  switch (asked) {
    case 'disabled':
      return isDisabledByPerson(current) ? next : { ...next, ...disabledByPolicy(next.stateSetBy, disabling) };
    case 'reset-code': {
      const lock = isShownLock ? lockOf(current) : {};
      return { ...next, ...lock, ...disabledByPolicy('policyOverResetCode', disabling) };
    }
    case 'tmp-locked':
    case 'fail-locked':
      if (isShownLock) return { ...next, ...stateBeneathLock(current, disabling) };
      // A credential that a person disabled must not become usable at the end of a lock.
      if (asked === 'tmp-locked' && isDisabledByPerson(current)) {
        return { ...current, ...disabledByPolicy(personOf(mode), disabling) };
      }
      return { ...next, ...disabledByPolicy('policyOverLock', disabling) };
    case undefined:
      return { ...current, ...stateBeneathLock(current, disabling) };
    default:
      if (isDisabledByPerson(current)) return { ...current, ...stateBeneathLock(current, disabling) };
      return { ...next, ...(isShownLock ? lockOf(current) : {}), ...disabledByPolicy('policy', disabling) };
  }
}

/**
 * The stored state under a lock after the policy has found a violation, so that a certificate that violates the policy
 * is not usable when the lock ends. If a person disabled the credential, they remain the setter, and the detail is
 * replaced only if it already described a violation.
 */
function stateBeneathLock(current: CredentialState, disabling: readonly RuleOutcome[]): Partial<CredentialState> {
  const { state, stateSetBy, reason } = current;
  if (state !== 'disabled') return disabledByPolicy(setterReplacedByPolicy('administrator', state), disabling);
  return isDisabledByPerson(current) && reason !== 'policy-check-failed' ? {} : disabledByPolicy(stateSetBy, disabling);
}

function lockOf({ lock, lockedUntil, lockReason, failures, failuresSinceLock }: CredentialState) {
  return { lock, lockedUntil, lockReason, failures, failuresSinceLock };
}

/**
 * The state after the policy has accepted a new certificate and no state was sent: `active`, or the state that an
 * administrator had set before the policy disabled the credential. Reason and detail of the previous certificate are
 * removed.
 */
export function stateAfterAcceptedCertificate(mode: CallerMode, current: CredentialState): CredentialState {
  const { state, stateSetBy, reason } = current;
  if (state !== 'disabled') return current;
  const uploaded = { reason: 'cert-uploaded', detail: null } as const;
  if (stateSetBy === 'policy') return { ...current, ...uploaded, state: 'active', stateSetBy: personOf(mode) };
  if (stateSetBy === 'policyOverLock') return { ...current, ...uploaded, state: 'active', stateSetBy: 'administrator' };
  if (stateSetBy === 'policyOverResetCode') {
    return { ...current, ...uploaded, state: 'reset-code', stateSetBy: 'administrator' };
  }
  if (reason !== 'policy-check-failed') return current;
  const setter = stateSetBy === 'administrator' ? 'administrator' : 'selfAdmin';
  return { ...current, reason: reasonForChangeBy(setter), detail: null };
}
