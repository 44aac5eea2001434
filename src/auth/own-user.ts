import { isActive, type UserActivity } from '../common/active-user.js';
import type { Caller } from '../common/actor.js';
import { appError, unauthenticated } from '../common/errors.js';

/** What the row of a self-admin's own user says of whether he may act. */
export interface OwnUser extends UserActivity {
  /** When he last got another password; X-Tokens of before are dead (contract 4.7). */
  readonly passwordChangedAt?: Date | null | undefined;
}

/**
 * Contract 4.4: a self-admin's own user must be active and inside its validity; one who does not exist is neither. It
 * is decided where the row is at hand, in the place of 404 (7.2). A caller with rights passes.
 */
export function requireOwnUser(caller: Caller, user: OwnUser | undefined): void {
  if (caller.mode !== 'selfAdmin') return;
  if (user === undefined || !isActive(user, caller.now)) {
    throw appError({ code: 'errors.permissionDenied', message: 'The user is not active.' });
  }
  if (caller.xToken !== undefined && user.passwordChangedAt && caller.xToken.issuedAt < user.passwordChangedAt) {
    throw unauthenticated('x-token: older than the password');
  }
}
