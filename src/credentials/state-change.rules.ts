import type { Caller } from '../common/actor.js';
import type { LoginLocking } from '../policies/login-locking.model.js';
import {
  effectiveState,
  lockAt,
  NO_LOCK,
  type CredentialState,
  type Lock,
  type StateChangeReason,
  type StateName,
  type StateSetBy,
  type StoredState,
} from './credential-state.rules.js';

export type CallerMode = Caller['mode'];

/** What a temporary lock set by hand lasts where the policy's own are off. */
const DEFAULT_LOCK_MS = 60_000;

/** Which states a caller may move between (contract 5.1); the two are different, and both effective. */
export function mayChangeState(mode: CallerMode, from: StateName, to: StateName): boolean {
  if (from === 'archived') return false;
  if (mode === 'administrator') return to !== 'archived';
  return to === 'disabled' || (to === 'active' && (from === 'initial' || from === 'admin-changed'));
}

/**
 * Whether a state that was sent asks for something: one that equals the effective state counts as not sent (contract
 * 3.1). An administrator's `disabled` over that of the owner or the policy does ask: who set it decides who may lift it.
 */
export function asksForState(mode: CallerMode, credential: CredentialState, to: StateName, now: Date): boolean {
  if (to !== effectiveState(credential, now).stateName) return true;
  return mode === 'administrator' && to === 'disabled' && credential.stateSetBy !== 'administrator';
}

/** Which state a new credential may be given (contract 4.6). */
export function mayCreateInState(mode: CallerMode, state: StateName): boolean {
  return mode === 'administrator' || state === 'initial' || state === 'active' || state === 'disabled';
}

/**
 * Whether the caller may delete the credential or replace its certificate or password (contract 5.1). A self-admin may
 * not where it would come free of a lock, a pending reset, or what an administrator decided: registering it anew would
 * re-enable it.
 */
export function mayRemoveSecret(mode: CallerMode, credential: CredentialState, now: Date): boolean {
  if (mode === 'administrator') return true;
  if (lockAt(credential, now) !== null || isHeld(credential.state)) return false;
  return !(credential.state === 'disabled' && HOLDING.has(credential.stateSetBy));
}

/** Whose `disabled` holds an owner; that over a lock does so by its lock alone. */
const HOLDING: ReadonlySet<StateSetBy> = new Set(['administrator', 'ownerOutOfLock', 'policyOverResetCode']);

/** Whether a person switched it off: what the policy finds changes nothing then (contract 6.4). */
export function disabledByPerson({ state, stateSetBy }: CredentialState): boolean {
  return state === 'disabled' && !BY_POLICY.has(stateSetBy);
}

const BY_POLICY: ReadonlySet<StateSetBy> = new Set(['policy', 'policyOverLock', 'policyOverResetCode']);

/** The states that only an administrator, or for a temporary lock time, ends; `disabled` depends on who set it. */
function isHeld(state: StateName): boolean {
  return isLock(state) || state === 'reset-code' || state === 'archived';
}

export function isLock(state: StateName): state is Lock {
  return state === 'tmp-locked' || state === 'fail-locked';
}

export function personOf(mode: CallerMode): 'owner' | 'administrator' {
  return mode === 'selfAdmin' ? 'owner' : 'administrator';
}

interface ChangeByHand {
  readonly mode: CallerMode;
  readonly credential: CredentialState;
  readonly to: StateName;
  readonly locking: LoginLocking;
  /** Whether the same request replaces the certificate, which is the reason then (contract 5.4). */
  readonly replacing: boolean;
  readonly now: Date;
}

/** The state after a change by hand that the caller may make; a lock is laid over the stored state (contract 5.2, 5.4). */
export function changedByHand({ mode, credential, to, locking, replacing, now }: ChangeByHand): CredentialState {
  const from = effectiveState(credential, now).stateName;
  const unlocked =
    lockAt(credential, now) === null ? credential : { ...credential, ...NO_LOCK, failures: 0, failuresSinceLock: 0 };
  if (isLock(to)) {
    const lockReason = replacing ? 'cert-uploaded' : changedBy(mode);
    const { stateSetBy } = unlocked;
    // The lock that was hidden gives way to one that shows.
    const setBy = stateSetBy === 'policyOverLock' ? 'policy' : stateSetBy;
    return { ...unlocked, stateSetBy: setBy, ...lockOf(to, locking, now), lockReason };
  }
  return {
    ...unlocked,
    state: to,
    stateSetBy: setter(mode, from, to, credential.state),
    // The same state again is another setter's, and no new state that a certificate has come with.
    reason: replacing && from !== to ? 'cert-uploaded' : reasonOf(mode, from, to),
    detail: null,
  };
}

/** A lock set by hand; a temporary one lasts as long as the policy's, from now. */
export function lockOf(lock: Lock, { tmpLockingDuration }: LoginLocking, now: Date) {
  const end = new Date(now.getTime() + (tmpLockingDuration ?? DEFAULT_LOCK_MS));
  return { lock, lockedUntil: lock === 'tmp-locked' ? end : null };
}

function setter(mode: CallerMode, from: StateName, to: StoredState, beneath: StoredState): StateSetBy {
  if (mode === 'administrator') return 'administrator';
  return to === 'disabled' && (isHeld(from) || isHeld(beneath)) ? 'ownerOutOfLock' : 'owner';
}

function reasonOf(mode: CallerMode, from: StateName, to: StateName): StateChangeReason {
  if (from === 'initial' && to === 'active') return 'activated';
  return isLock(from) ? 'unlock' : changedBy(mode);
}

export function changedBy(mode: CallerMode): StateChangeReason {
  return mode === 'selfAdmin' ? 'changed-by-user' : 'changed-by-admin';
}
