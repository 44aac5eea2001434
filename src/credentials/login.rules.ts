import type { LoginLocking } from '../policies/login-locking.model.js';
import { lockAt, NO_LOCK, type LockState, type StoredState } from './credential-state.rules.js';

/** Locks fall on these only, and so only their failures count: with any other nobody can log in (contract 5.2). */
const USABLE: ReadonlySet<StoredState> = new Set(['active', 'initial', 'admin-changed']);

export type LoginState = LockState & { readonly state: StoredState };

/** A credential as far as it decides whether it could log in at all. */
export interface LoginCondition extends Pick<LockState, 'lock' | 'lockedUntil'> {
  readonly state: StoredState;
  readonly validFrom: Date | null;
  readonly validTo: Date | null;
}

/** Whether a login with this credential could succeed now (contract 2.6, 5.2); its validity includes both ends. */
export function couldLogIn(credential: LoginCondition, now: Date): boolean {
  const { validFrom, validTo } = credential;
  return isUsable(credential, now) && (validFrom === null || validFrom <= now) && (validTo === null || now <= validTo);
}

function isUsable(credential: Pick<LoginState, 'state' | 'lock' | 'lockedUntil'>, now: Date): boolean {
  return USABLE.has(credential.state) && lockAt(credential, now) === null;
}

/**
 * The lock and the counters after a failed login, by whatever kind of credential. Undefined where none was possible: a
 * lock that holds is neither prolonged nor made lasting by those who go on trying.
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

/** The counters after a login. Undefined where none was possible: no success ends a lock. */
export function afterSuccess(credential: LoginState, now: Date): LockState | undefined {
  if (!isUsable(credential, now)) return undefined;
  return { ...NO_LOCK, failures: 0, failuresSinceLock: 0, successes: credential.successes + 1 };
}

function reached(count: number, limit: number | undefined): boolean {
  return limit !== undefined && count >= limit;
}
