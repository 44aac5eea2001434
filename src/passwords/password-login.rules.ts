import { isActive, type UserActivity } from '../common/active-user.js';
import type { LockState } from '../credentials/credential-state.rules.js';
import {
  afterFailure,
  afterSuccess,
  couldLogIn,
  type LoginCondition,
  type LoginState,
} from '../credentials/login.rules.js';
import type { LoginLocking } from '../policies/login-locking.model.js';

export interface PasswordLogin {
  readonly owner: UserActivity;
  readonly credential: LoginState & LoginCondition;
  readonly locking: LoginLocking;
  /** Whether what was sent is the password. */
  readonly matches: boolean;
  readonly now: Date;
}

export interface LoginOutcome {
  readonly succeeded: boolean;
  /** The login columns as they now are; undefined where nobody could have logged in, and so nothing counts. */
  readonly counted: LockState | undefined;
}

/** Whether this login succeeds, and what it counts (contract 2.6, 4.8, 5.2). */
export function decideLogin({ owner, credential, locking, matches, now }: PasswordLogin): LoginOutcome {
  if (!isActive(owner, now) || !couldLogIn(credential, now)) {
    return { succeeded: false, counted: undefined };
  }
  if (!matches) return { succeeded: false, counted: afterFailure(credential, locking, now) };
  const counted = afterSuccess(credential, now);
  return { succeeded: counted !== undefined, counted };
}
