import type { LoginLocking } from '../policies/login-locking.model.js';
import { lockAt, NO_LOCK, type LockState, type StateName, type StoredState } from './credential-state.rules.js';

/**
 * Only credentials in these states allow logins, so only their failures are counted and lead to locks (contract 5.2).
 */
const USABLE: ReadonlySet<StateName> = new Set(['active', 'initial', 'admin-changed']);

export type LoginState = LockState & { readonly state: StoredState };

/** The members of a credential that decide whether a login is possible. */
export interface LoginCondition extends Pick<LockState, 'lock' | 'lockedUntil'> {
  readonly state: StoredState;
  readonly validFrom: Date | null;
  readonly validTo: Date | null;
}

/** Whether a login with this credential can succeed now (contract 2.6, 5.2). */
export function canLogIn(credential: LoginCondition, now: Date): boolean {
  return isUsable(credential, now) && isWithinValidity(credential, now);
}

/** Both ends are part of the validity. */
export function isWithinValidity(
  { validFrom, validTo }: Pick<LoginCondition, 'validFrom' | 'validTo'>,
  now: Date,
): boolean {
  return (validFrom === null || validFrom <= now) && (validTo === null || now <= validTo);
}

/** Whether a credential in this state can log in, if nothing else prevents it. */
export function allowsLogins(state: StateName): boolean {
  return USABLE.has(state);
}

function isUsable(credential: Pick<LoginState, 'state' | 'lock' | 'lockedUntil'>, now: Date): boolean {
  return USABLE.has(credential.state) && lockAt(credential, now) === null;
}

/**
 * The lock and the counters after a failed login with any type of credential. Undefined if no login was possible:
 * further attempts neither prolong a lock nor make it permanent.
 */
export function afterFailure(credential: LoginState, locking: LoginLocking, now: Date): LockState | undefined {
  if (!isUsable(credential, now)) return undefined;
  const counted = {
    successes: credential.successes,
    failures: credential.failures + 1,
    failuresSinceLock: credential.failuresSinceLock + 1,
  };
  const lockReason = 'too-many-login-failures';
  if (reached(counted.failures, locking.maxCredFailureCount)) {
    return { ...counted, lock: 'fail-locked', lockedUntil: null, lockReason };
  }
  const countedForLock = locking.tmpLockingMode === 'strict' ? counted.failures : counted.failuresSinceLock;
  if (locking.tmpLockingDuration !== undefined && reached(countedForLock, locking.tmpLockingThreshold)) {
    const lockedUntil = new Date(now.getTime() + locking.tmpLockingDuration);
    return { ...counted, failuresSinceLock: 0, lock: 'tmp-locked', lockedUntil, lockReason };
  }
  return { ...counted, ...NO_LOCK };
}

/** The counters after a successful login. Undefined if no login was possible: a success does not end a lock. */
export function afterSuccess(credential: LoginState, now: Date): LockState | undefined {
  if (!isUsable(credential, now)) return undefined;
  return { ...NO_LOCK, failures: 0, failuresSinceLock: 0, successes: credential.successes + 1 };
}

function reached(count: number, limit: number | undefined): boolean {
  return limit !== undefined && count >= limit;
}
