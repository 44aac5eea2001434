import { shownLock, type CredentialState, type StateName } from '../credentials/credential-state.rules.js';
import { changedBy, disabledByPerson, personOf, type CallerMode } from '../credentials/state-change.rules.js';
import { disabledByPolicy, setterBeneathPolicy } from './certificate-upload.rules.js';
import type { RuleOutcome } from './rule-outcome.js';

/**
 * The state with a certificate that the policy disables (contract 6.4). What an administrator asks for in the same
 * request holds as if it had come first; `next` is the state with that alone.
 */
export function afterViolation(
  mode: CallerMode,
  current: CredentialState,
  asked: StateName | undefined,
  next: CredentialState,
  disabling: readonly RuleOutcome[],
): CredentialState {
  const isShownLock = shownLock(current) !== null;
  switch (asked) {
    case 'disabled':
      return disabledByPerson(current) ? next : { ...next, ...disabledByPolicy(next.stateSetBy, disabling) };
    case 'reset-code': {
      const lock = isShownLock ? lockOf(current) : {};
      return { ...next, ...lock, ...disabledByPolicy('policyOverResetCode', disabling) };
    }
    case 'tmp-locked':
    case 'fail-locked':
      if (isShownLock) return { ...next, ...beneathLock(current, disabling) };
      // What a person disabled does not come back at the end of a lock.
      if (asked === 'tmp-locked' && disabledByPerson(current)) {
        return { ...current, ...disabledByPolicy(personOf(mode), disabling) };
      }
      return { ...next, ...disabledByPolicy('policyOverLock', disabling) };
    case undefined:
      return { ...current, ...beneathLock(current, disabling) };
    default:
      if (disabledByPerson(current)) return { ...current, ...beneathLock(current, disabling) };
      return { ...next, ...(isShownLock ? lockOf(current) : {}), ...disabledByPolicy('policy', disabling) };
  }
}

/**
 * The stored state once the policy has found a violation: under a lock, so that its end does not set a bad certificate
 * free. A person's `disabled` stays theirs, and says what was found only where it did so before.
 */
function beneathLock(current: CredentialState, disabling: readonly RuleOutcome[]): Partial<CredentialState> {
  const { state, stateSetBy, reason } = current;
  if (state !== 'disabled') return disabledByPolicy(setterBeneathPolicy('administrator', state), disabling);
  return disabledByPerson(current) && reason !== 'policy-check-failed' ? {} : disabledByPolicy(stateSetBy, disabling);
}

function lockOf({ lock, lockedUntil, lockReason, failures, failuresSinceLock }: CredentialState) {
  return { lock, lockedUntil, lockReason, failures, failuresSinceLock };
}

/**
 * The state with a certificate that the policy allows, where none was asked for: `active`, or what an administrator had
 * decided beneath the policy's finding. Neither reason nor detail is about the certificate that is gone.
 */
export function healed(mode: CallerMode, current: CredentialState): CredentialState {
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
  return { ...current, reason: changedBy(setter), detail: null };
}
