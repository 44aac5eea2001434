import { isActive, type UserActivity } from '../common/active-user.js';
import type { LockState } from '../credentials/credential-state.rules.js';
import {
  afterFailure,
  afterSuccess,
  canLogIn,
  type LoginCondition,
  type LoginState,
} from '../credentials/login.rules.js';
import type { LoginLocking } from '../policies/login-locking.model.js';

export interface PasswordLogin {
  readonly owner: UserActivity;
  readonly credential: LoginState & LoginCondition;
  readonly locking: LoginLocking;
  /** Whether the sent password is correct. */
  readonly matches: boolean;
  readonly now: Date;
}

export interface LoginOutcome {
  readonly succeeded: boolean;
  /** The login columns after this login; undefined if no login was possible, so that nothing is counted. */
  readonly counted: LockState | undefined;
}

/** Decides whether this login succeeds, and what is counted (contract 2.6, 4.8, 5.2). */
export function decideLogin({ owner, credential, locking, matches, now }: PasswordLogin): LoginOutcome {
  if (!isActive(owner, now) || !canLogIn(credential, now)) {
    return { succeeded: false, counted: undefined };
  }
  if (!matches) return { succeeded: false, counted: afterFailure(credential, locking, now) };
  const counted = afterSuccess(credential, now);
  return { succeeded: counted !== undefined, counted };
}
