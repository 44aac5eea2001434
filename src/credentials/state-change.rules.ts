import type { Caller } from '../common/actor.js';
import type { LoginLocking } from '../policies/login-locking.model.js';
import {
  effectiveState,
  lockAt,
  NO_LOCK,
  NO_REPLACEMENT,
  type CredentialState,
  type Lock,
  type StateChangeReason,
  type StateName,
  type StateSetBy,
  type StoredState,
} from './credential-state.rules.js';

export type CallerMode = Caller['mode'];

/** Duration of a temporary lock that is set manually if the policy has no temporary locks. */
const DEFAULT_LOCK_MS = 60_000;

/**
 * Whether the caller may change the state from one to the other (contract 5.1). The two are different effective states.
 */
export function mayChangeState(mode: CallerMode, from: StateName, to: StateName): boolean {
  if (from === 'archived') return false;
  if (mode === 'administrator') return to !== 'archived';
  return to === 'disabled' || (to === 'active' && (from === 'initial' || from === 'admin-changed'));
}

/**
 * Whether the sent state is a change; the effective state counts as not sent (contract 3.1). An exception is `disabled`
 * sent by an administrator where the owner or the policy had disabled the credential: it changes who may enable it
 * again.
 */
export function changesState(mode: CallerMode, credential: CredentialState, to: StateName, now: Date): boolean {
  if (to !== effectiveState(credential, now).stateName) return true;
  return mode === 'administrator' && to === 'disabled' && credential.stateSetBy !== 'administrator';
}

/** Whether a new credential may have this state (contract 4.6). */
export function mayCreateInState(mode: CallerMode, state: StateName): boolean {
  return mode === 'administrator' || state === 'initial' || state === 'active' || state === 'disabled';
}

/**
 * Whether the caller may delete the credential or replace its certificate or password (contract 5.1). A self-admin may
 * not if that would remove a lock, a pending reset or an administrator's decision, because they could then register it
 * again as enabled.
 */
export function mayRemoveSecret(mode: CallerMode, credential: CredentialState, now: Date): boolean {
  if (mode === 'administrator') return true;
  if (lockAt(credential, now) !== null || isHeldByState(credential.state)) return false;
  return !(credential.state === 'disabled' && SETTERS_THAT_HOLD_OWNER.has(credential.stateSetBy));
}

/**
 * The setters whose `disabled` the owner cannot undo; `policyOverLock` is not needed here, because the lock itself
 * prevents it.
 */
const SETTERS_THAT_HOLD_OWNER: ReadonlySet<StateSetBy> = new Set([
  'administrator',
  'ownerOutOfLock',
  'policyOverResetCode',
]);

/** Whether a person disabled it; a policy violation then changes nothing (contract 6.4). */
export function isDisabledByPerson({ state, stateSetBy }: CredentialState): boolean {
  return state === 'disabled' && !BY_POLICY.has(stateSetBy);
}

const BY_POLICY: ReadonlySet<StateSetBy> = new Set(['policy', 'policyOverLock', 'policyOverResetCode']);

/**
 * The states that only an administrator can end, or time for a temporary lock. For `disabled` it depends on the setter.
 */
function isHeldByState(state: StateName): boolean {
  return isLock(state) || state === 'reset-code' || state === 'archived';
}

export function isLock(state: StateName): state is Lock {
  return state === 'tmp-locked' || state === 'fail-locked';
}

export function personOf(mode: CallerMode): 'owner' | 'administrator' {
  return mode === 'selfAdmin' ? 'owner' : 'administrator';
}

interface ManualChange {
  readonly mode: CallerMode;
  readonly credential: CredentialState;
  readonly to: StateName;
  readonly locking: LoginLocking;
  /** Whether the same request replaces the certificate, which is then the reason (contract 5.4). */
  readonly replacing: boolean;
  /** Instead of the one that says who changes it. */
  readonly changeReason?: StateChangeReason | undefined;
  readonly now: Date;
}

/**
 * The state after a manual change that the caller may make; a lock is set on top of the stored state (contract 5.2,
 * 5.4).
 */
export function stateAfterManualChange({
  mode,
  credential,
  to,
  locking,
  replacing,
  changeReason = reasonForChangeBy(mode),
  now,
}: ManualChange): CredentialState {
  const from = effectiveState(credential, now).stateName;
  const unlocked =
    lockAt(credential, now) === null ? credential : { ...credential, ...NO_LOCK, failures: 0, failuresSinceLock: 0 };
  if (isLock(to)) {
    const lockReason = replacing ? 'cert-uploaded' : changeReason;
    const { stateSetBy } = unlocked;
    // The hidden lock is replaced by a visible one.
    const setBy = stateSetBy === 'policyOverLock' ? 'policy' : stateSetBy;
    return { ...unlocked, stateSetBy: setBy, ...lockOf(to, locking, now), lockReason };
  }
  return {
    ...unlocked,
    state: to,
    stateSetBy: setter(mode, from, to, credential.state),
    // If the state does not change, only the setter does, and the certificate is not the reason.
    reason: replacing && from !== to ? 'cert-uploaded' : reasonOf(from, to, changeReason),
    detail: null,
    // An administrator decides again; users cannot prolong what the policy ends (contract 15.6).
    ...(mode === 'administrator' ? NO_REPLACEMENT : {}),
  };
}

/** A lock that is set manually; a temporary one lasts as long as the policy says, from now. */
export function lockOf(lock: Lock, { tmpLockingDuration }: LoginLocking, now: Date) {
  const end = new Date(now.getTime() + (tmpLockingDuration ?? DEFAULT_LOCK_MS));
  return { lock, lockedUntil: lock === 'tmp-locked' ? end : null };
}

function setter(mode: CallerMode, from: StateName, to: StoredState, beneath: StoredState): StateSetBy {
  if (mode === 'administrator') return 'administrator';
  return to === 'disabled' && (isHeldByState(from) || isHeldByState(beneath)) ? 'ownerOutOfLock' : 'owner';
}

function reasonOf(from: StateName, to: StateName, changeReason: StateChangeReason): StateChangeReason {
  if (from === 'initial' && to === 'active') return 'activated';
  return isLock(from) ? 'unlock' : changeReason;
}

export function reasonForChangeBy(mode: CallerMode): StateChangeReason {
  return mode === 'selfAdmin' ? 'changed-by-user' : 'changed-by-admin';
}
