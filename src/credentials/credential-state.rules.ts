/** Contract 5, in its order. */
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

/** What a row stores; a lock lies over it (contract 5.3). */
export type StoredState = Exclude<StateName, Lock>;

/** What X4 can set: archiving is not among them (contract 2.7). */
export type AssignableState = Exclude<StateName, 'archived'>;
export const ASSIGNABLE_STATES = STATE_NAMES.filter((name): name is AssignableState => name !== 'archived');

/** What Y1 lists; the documented ones, those that nothing here sets included (contract 5.4). */
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
 * `ownerOutOfLock`: the owner disabled it while it was locked or in `reset-code`, and is held to it as before.
 * `policyOverLock`, `policyOverResetCode`: the policy disabled what an administrator locked or put into `reset-code`;
 * that holds the owner meanwhile, and comes back with a certificate that the policy allows. The lock is in its columns.
 */
export type StateSetBy =
  | 'owner'
  | 'ownerOutOfLock'
  | 'administrator'
  | 'policy'
  | 'policyOverLock'
  | 'policyOverResetCode';

/** The lock over a credential's state, and the counters that lead to one. Logins change these columns and no others. */
export interface LockState {
  readonly lock: Lock | null;
  /** The end of a temporary lock. */
  readonly lockedUntil: Date | null;
  /** Shown as the reason while the lock holds. */
  readonly lockReason: StateChangeReason | null;
  /** Since the last success, reset or unlock. */
  readonly failures: number;
  /** Of those, since the last temporary lock. */
  readonly failuresSinceLock: number;
  readonly successes: number;
}

export interface CredentialState extends LockState {
  readonly state: StoredState;
  readonly stateSetBy: StateSetBy;
  readonly reason: StateChangeReason;
  readonly detail: string | null;
}

export const NO_LOCK = { lock: null, lockedUntil: null, lockReason: null } as const;

/** What a client sees of a credential's state. */
export interface EffectiveState {
  readonly stateName: StateName;
  readonly stateChangeReason: StateChangeReason;
  readonly stateChangeDetail: string | null;
}

/** The lock that holds at this moment; a temporary one has ended at its end. One without an end holds. */
export function lockAt(credential: Pick<LockState, 'lock' | 'lockedUntil'>, now: Date): Lock | null {
  const { lock, lockedUntil } = credential;
  if (lock === 'tmp-locked' && lockedUntil !== null && lockedUntil <= now) return null;
  return lock;
}

/** The lock that a reader sees while it holds. One that the policy's disabling hides holds all the same. */
export function shownLock({ stateSetBy, lock }: Pick<CredentialState, 'stateSetBy' | 'lock'>): Lock | null {
  return stateSetBy === 'policyOverLock' ? null : lock;
}

/** The reason of what shows. */
export function shownReason(credential: CredentialState): StateChangeReason {
  return shownLock(credential) === null ? credential.reason : (credential.lockReason ?? credential.reason);
}

/** The one answer to which state a credential is in (contract 5.3): no write ends a lock, time does. */
export function effectiveState(credential: CredentialState, now: Date): EffectiveState {
  const lock = lockAt({ ...credential, lock: shownLock(credential) }, now);
  if (lock === null) {
    return {
      stateName: credential.state,
      stateChangeReason: credential.reason,
      stateChangeDetail: credential.detail,
    };
  }
  return {
    stateName: lock,
    stateChangeReason: shownReason(credential),
    stateChangeDetail: null,
  };
}

/** The credential without a lock that has ended: what a change made now starts from (contract 5.3). */
export function withoutEndedLock<Credential extends CredentialState>(credential: Credential, now: Date): Credential {
  const ended = credential.lock !== null && lockAt(credential, now) === null;
  if (!ended) return credential;
  const { stateSetBy } = credential;
  return { ...credential, ...NO_LOCK, stateSetBy: stateSetBy === 'policyOverLock' ? 'policy' : stateSetBy };
}
