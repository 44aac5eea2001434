import { isActive, type UserActivity } from '../common/active-user.js';
import type { Caller, VerifiedXToken } from '../common/actor.js';
import { appError, xTokenRequired } from '../common/errors.js';
import type { Lock, StoredState } from '../credentials/credential-state.rules.js';
import { couldLogIn } from '../credentials/login.rules.js';

/** What the row of a self-admin's own user says of whether he may act; a statement reads it with `OWN_PASSWORD`. */
export interface OwnUser extends UserActivity, OwnPassword {}

export interface OwnPassword {
  /** Another one with each password; absent where he has none. */
  readonly passwordGeneration?: string | null | undefined;
  readonly passwordChangedAt?: Date | null | undefined;
  /** Null where there is no password. */
  readonly passwordState?: StoredState | null | undefined;
  readonly passwordLock?: Lock | null | undefined;
  readonly passwordLockedUntil?: Date | null | undefined;
  readonly passwordValidFrom?: Date | null | undefined;
  readonly passwordValidTo?: Date | null | undefined;
}

/** The columns of `OwnPassword`, of a user whose table is `u`; they need `OWN_PASSWORD_JOIN`. */
export const OWN_PASSWORD = `w.generation as "passwordGeneration", w.changed_at as "passwordChangedAt",
  wc.state as "passwordState", wc.lock as "passwordLock", wc.locked_until as "passwordLockedUntil",
  wc.valid_from as "passwordValidFrom", wc.valid_to as "passwordValidTo"`;

export const OWN_PASSWORD_JOIN = `left join passwords w on w.client_ext_id = u.client_ext_id and w.user_ext_id = u.ext_id
  left join credentials wc on wc.client_ext_id = w.client_ext_id and wc.ext_id = w.credential_ext_id`;

/**
 * Contract 4.4: a self-admin's own user must be active and inside its validity; one who does not exist is neither. It
 * is decided where the row is at hand, in the place of 404 (7.2). A caller with rights passes.
 */
export function requireOwnUser(caller: Caller, user: OwnUser | undefined): void {
  if (caller.mode !== 'selfAdmin') return;
  if (user === undefined || !isActive(user, caller.now)) {
    throw appError({ code: 'errors.permissionDenied', message: 'The user is not active.' });
  }
  if (caller.xToken === undefined) return;
  if (!isOfCurrentPassword(caller.xToken, user)) throw xTokenRequired('older than the password');
  if (!passwordCouldLogIn(user, caller.now)) throw xTokenRequired('of a password that cannot log in');
}

/**
 * Contract 4.7: an X-Token dies with the password that bought it. It names that password, because its `iat` has whole
 * seconds only. One that names none was made by an operator; it must not be older than the password that stands now.
 */
function isOfCurrentPassword(xToken: VerifiedXToken, user: OwnPassword): boolean {
  if (xToken.passwordGeneration !== undefined) return xToken.passwordGeneration === user.passwordGeneration;
  return !user.passwordChangedAt || xToken.issuedAt >= user.passwordChangedAt;
}

/** Contract 4.7. An operator's token for a user without a password has none that could keep it from being good. */
function passwordCouldLogIn(user: OwnPassword, now: Date): boolean {
  if (!user.passwordState) return true;
  const condition = {
    state: user.passwordState,
    lock: user.passwordLock ?? null,
    lockedUntil: user.passwordLockedUntil ?? null,
    validFrom: user.passwordValidFrom ?? null,
    validTo: user.passwordValidTo ?? null,
  };
  return couldLogIn(condition, now);
}
