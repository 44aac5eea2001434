import type { LoginLocking } from '../policies/login-locking.model.js';
import {
  NO_LOCK,
  NO_REPLACEMENT,
  type CredentialState,
  type StateChangeReason,
  type StateName,
} from './credential-state.rules.js';
import { isLock, lockOf, personOf, type CallerMode } from './state-change.rules.js';

interface InitialStateInput {
  readonly mode: CallerMode;
  readonly stateName: StateName;
  readonly reason: StateChangeReason;
  readonly locking: LoginLocking;
  readonly now: Date;
}

/** The state of a new credential; a lock is set on top of `active` (contract 5.2, 5.4). */
export function initialState({ mode, stateName, reason, locking, now }: InitialStateInput): CredentialState {
  const fresh = {
    ...NO_LOCK,
    ...NO_REPLACEMENT,
    failures: 0,
    failuresSinceLock: 0,
    successes: 0,
    stateSetBy: personOf(mode),
    reason,
    detail: null,
  };
  if (!isLock(stateName)) return { ...fresh, state: stateName };
  return { ...fresh, state: 'active', ...lockOf(stateName, locking, now), lockReason: reason };
}
