import { isActive, type UserActivity } from '../common/active-user.js';
import type { Caller, VerifiedXToken } from '../common/actor.js';
import { appError, xTokenRequired } from '../common/errors.js';
import type { Lock, StoredState } from '../credentials/credential-state.rules.js';
import { canLogIn } from '../credentials/login.rules.js';

/**
 * The columns of a self-admin's own user that decide whether they may act; a statement reads them with `OWN_PASSWORD`.
 */
export interface OwnUser extends UserActivity, OwnPassword {}

export interface OwnPassword {
  /** Differs for each password; absent if the user has none. */
  readonly passwordGeneration?: string | null | undefined;
  readonly passwordChangedAt?: Date | null | undefined;
  /** Null if there is no password. */
  readonly passwordState?: StoredState | null | undefined;
  readonly passwordLock?: Lock | null | undefined;
  readonly passwordLockedUntil?: Date | null | undefined;
  readonly passwordValidFrom?: Date | null | undefined;
  readonly passwordValidTo?: Date | null | undefined;
}

/** The columns of `OwnPassword` for a user in the table alias `u`; they need `OWN_PASSWORD_JOIN`. */
export const OWN_PASSWORD = `w.generation as "passwordGeneration", w.changed_at as "passwordChangedAt",
  wc.state as "passwordState", wc.lock as "passwordLock", wc.locked_until as "passwordLockedUntil",
  wc.valid_from as "passwordValidFrom", wc.valid_to as "passwordValidTo"`;

export const OWN_PASSWORD_JOIN = `left join passwords w on w.client_ext_id = u.client_ext_id and w.user_ext_id = u.ext_id
  left join credentials wc on wc.client_ext_id = w.client_ext_id and wc.ext_id = w.credential_ext_id`;

/**
 * Contract 4.4: a self-admin's own user must exist, be active and be inside its validity. Checked where the row is
 * available, in place of the 404 (7.2). A caller with rights passes.
 */
export function requireOwnUser(caller: Caller, user: OwnUser | undefined): void {
  if (caller.mode !== 'selfAdmin') return;
  if (user === undefined || !isActive(user, caller.now)) {
    throw appError({ code: 'errors.permissionDenied', message: 'The user is not active.' });
  }
  if (caller.xToken === undefined) return;
  if (!isOfCurrentPassword(caller.xToken, user)) throw xTokenRequired('older than the password');
  if (!passwordAllowsLogin(user, caller.now)) throw xTokenRequired('bought with a password that cannot log in');
}

/**
 * Contract 4.7: an X-Token is invalid once the password with which it was obtained changes. It names the generation of
 * that password, because `iat` has only whole seconds. A token without a generation was created by an operator, and
 * must not be older than the current password.
 */
function isOfCurrentPassword(xToken: VerifiedXToken, user: OwnPassword): boolean {
  if (xToken.passwordGeneration !== undefined) return xToken.passwordGeneration === user.passwordGeneration;
  return !user.passwordChangedAt || xToken.issuedAt >= user.passwordChangedAt;
}

/** Contract 4.7. If the user has no password, an operator's token has no password that could make it invalid. */
function passwordAllowsLogin(user: OwnPassword, now: Date): boolean {
  if (!user.passwordState) return true;
  const condition = {
    state: user.passwordState,
    lock: user.passwordLock ?? null,
    lockedUntil: user.passwordLockedUntil ?? null,
    validFrom: user.passwordValidFrom ?? null,
    validTo: user.passwordValidTo ?? null,
  };
  return canLogIn(condition, now);
}
