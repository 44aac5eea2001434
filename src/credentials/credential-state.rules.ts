/** The states, in the order of contract 5. */
export const STATE_NAMES = [
  'initial',
  'active',
  'tmp-locked',
  'fail-locked',
  'reset-code',
  'admin-changed',
  'disabled',
  'archived',
] as const;
export type StateName = (typeof STATE_NAMES)[number];
export type Lock = Extract<StateName, 'tmp-locked' | 'fail-locked'>;

/** The states that a row stores; a lock is stored in addition (contract 5.3). */
export type StoredState = Exclude<StateName, Lock>;

/** The states that X4 can set: all except `archived` (contract 2.7). */
export type AssignableState = Exclude<StateName, 'archived'>;
export const ASSIGNABLE_STATES = STATE_NAMES.filter((name): name is AssignableState => name !== 'archived');

/** The list of Y1: all documented reasons, including those that this server never sets (contract 5.4). */
export const STATE_CHANGE_REASONS = [
  'customized-reason-code',
  'initialized',
  'activated',
  'too-many-login-failures',
  'reset-by-admin',
  'changed-by-admin',
  'changed-by-user',
  'logged-in-with-strong-cred',
  'cert-uploaded',
  'policy-check-failed',
  'renewal',
  'reset',
  'cert-revoked',
  'unlock',
  'changed-by-batchjob',
] as const;
export type StateChangeReason = (typeof STATE_CHANGE_REASONS)[number];

/**
 * Who set the state. `ownerOutOfLock`: the owner disabled the credential while it was locked or in `reset-code`, and
 * still cannot enable it. `policyOverLock`, `policyOverResetCode`: the policy disabled a credential that an
 * administrator had locked or put into `reset-code`. That state still restricts the owner, and is restored by a
 * certificate that the policy allows. The lock is in its own columns.
 */
export type StateSetBy =
  | 'owner'
  | 'ownerOutOfLock'
  | 'administrator'
  | 'policy'
  | 'policyOverLock'
  | 'policyOverResetCode';

/** The lock of a credential and the counters that lead to it. Logins change only these columns. */
export interface LockState {
  readonly lock: Lock | null;
  /** The end of a temporary lock. */
  readonly lockedUntil: Date | null;
  /** Shown as the reason while the credential is locked. */
  readonly lockReason: StateChangeReason | null;
  /** Failed logins since the last success, reset or unlock. */
  readonly failures: number;
  /** Failed logins since the last temporary lock. */
  readonly failuresSinceLock: number;
  readonly successes: number;
}

/** A newer credential and the time at which it ends this one; both null without one (contract 15.6). */
interface Replacement {
  readonly replacedBy: string | null;
  readonly disabledOn: Date | null;
}

export const NO_REPLACEMENT = { replacedBy: null, disabledOn: null } as const;

export interface CredentialState extends LockState, Replacement {
  readonly state: StoredState;
  readonly stateSetBy: StateSetBy;
  readonly reason: StateChangeReason;
  readonly detail: string | null;
}

export const NO_LOCK = { lock: null, lockedUntil: null, lockReason: null } as const;

/** The state of a credential as clients see it. */
export interface EffectiveState {
  readonly stateName: StateName;
  readonly stateChangeReason: StateChangeReason;
  readonly stateChangeDetail: string | null;
}

/** The lock that is in effect now. A temporary lock ends at `lockedUntil`; one without an end stays. */
export function lockAt(credential: Pick<LockState, 'lock' | 'lockedUntil'>, now: Date): Lock | null {
  const { lock, lockedUntil } = credential;
  if (lock === 'tmp-locked' && lockedUntil !== null && lockedUntil <= now) return null;
  return lock;
}

/** The lock that is shown. A lock that is hidden because the policy disabled the credential is still in effect. */
export function shownLock({ stateSetBy, lock }: Pick<CredentialState, 'stateSetBy' | 'lock'>): Lock | null {
  return stateSetBy === 'policyOverLock' ? null : lock;
}

/** The reason that is shown. */
export function shownReason(credential: CredentialState): StateChangeReason {
  return shownLock(credential) === null ? credential.reason : (credential.lockReason ?? credential.reason);
}

/** The state of a credential at this time (contract 5.3, 15.6). It changes without a write, only by time. */
export function effectiveState(credential: CredentialState, now: Date): EffectiveState {
  const current = stateAt(credential, now);
  const lock = shownLock(current);
  if (lock === null) {
    return {
      stateName: current.state,
      stateChangeReason: current.reason,
      stateChangeDetail: current.detail,
    };
  }
  return {
    stateName: lock,
    stateChangeReason: shownReason(current),
    stateChangeDetail: null,
  };
}

/**
 * What the row would contain if time were written: a lock that has ended is removed, and a credential that a newer one has
 * ended is disabled. The starting point of every decision and of every change (contract 5.3, 15.6).
 */
export function stateAt<Credential extends CredentialState>(credential: Credential, now: Date): Credential {
  return withoutEndedLock(disabledByReplacement(credential, now), now);
}

/** A lock on top of the state stays, as above every other state. */
function disabledByReplacement<Credential extends CredentialState>(credential: Credential, now: Date): Credential {
  const { disabledOn, state } = credential;
  if (disabledOn === null || disabledOn > now || state === 'disabled' || state === 'archived') return credential;
  const setBy = state === 'reset-code' ? 'policyOverResetCode' : 'policy';
  return { ...credential, state: 'disabled', stateSetBy: setBy, reason: 'renewal', detail: null };
}

function withoutEndedLock<Credential extends CredentialState>(credential: Credential, now: Date): Credential {
  const ended = credential.lock !== null && lockAt(credential, now) === null;
  if (!ended) return credential;
  const { stateSetBy } = credential;
  return { ...credential, ...NO_LOCK, stateSetBy: stateSetBy === 'policyOverLock' ? 'policy' : stateSetBy };
}
