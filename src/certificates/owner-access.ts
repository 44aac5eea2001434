import type { Caller } from '../common/actor.js';
import { appError } from '../common/errors.js';
import type { OwnerAccessRow } from './certificate-row.js';
import { isActive } from './credential-owner.rules.js';

/**
 * Contract 4.4: a self-admin's own user must be active and inside its validity; one who does not exist is neither. It
 * is decided where the row is at hand, in the place of 404 (7.2).
 */
export function requireActiveOwner(caller: Caller, row: OwnerAccessRow | undefined): void {
  if (caller.mode !== 'selfAdmin') return;
  if (row !== undefined) {
    const { ownerState: state, ownerValidFrom: validFrom, ownerValidTo: validTo } = row;
    if (isActive({ state, validFrom, validTo }, caller.now)) return;
  }
  throw appError({ code: 'errors.permissionDenied', message: 'The user is not active.' });
}
