import { isActive, type UserActivity } from '../common/active-user.js';
import type { Caller, VerifiedXToken } from '../common/actor.js';
import { appError, unauthenticated } from '../common/errors.js';

/** What the row of a self-admin's own user says of whether he may act; a statement reads it with `OWN_PASSWORD`. */
export interface OwnUser extends UserActivity, OwnPassword {}

export interface OwnPassword {
  /** Another one with each password; absent where he has none. */
  readonly passwordGeneration?: string | null | undefined;
  readonly passwordChangedAt?: Date | null | undefined;
}

/** The columns of `OwnPassword`, of a user whose table is `u`; they need `OWN_PASSWORD_JOIN`. */
export const OWN_PASSWORD = `w.generation as "passwordGeneration", w.changed_at as "passwordChangedAt"`;

export const OWN_PASSWORD_JOIN =
  'left join passwords w on w.client_ext_id = u.client_ext_id and w.user_ext_id = u.ext_id';

/**
 * Contract 4.4: a self-admin's own user must be active and inside its validity; one who does not exist is neither. It
 * is decided where the row is at hand, in the place of 404 (7.2). A caller with rights passes.
 */
export function requireOwnUser(caller: Caller, user: OwnUser | undefined): void {
  if (caller.mode !== 'selfAdmin') return;
  if (user === undefined || !isActive(user, caller.now)) {
    throw appError({ code: 'errors.permissionDenied', message: 'The user is not active.' });
  }
  if (caller.xToken !== undefined && !isOfCurrentPassword(caller.xToken, user)) {
    throw unauthenticated('x-token: older than the password');
  }
}

/**
 * Contract 4.7: an X-Token dies with the password that bought it. It names that password, because its `iat` has whole
 * seconds only. One that names none was made by an operator; it must not be older than the password that stands now.
 */
function isOfCurrentPassword(xToken: VerifiedXToken, user: OwnPassword): boolean {
  if (xToken.passwordGeneration !== undefined) return xToken.passwordGeneration === user.passwordGeneration;
  return !user.passwordChangedAt || xToken.issuedAt >= user.passwordChangedAt;
}
