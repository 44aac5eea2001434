import { requireOwnUser } from '../auth/own-user.js';
import type { Caller } from '../common/actor.js';
import type { OwnerAccessRow } from './certificate-row.js';

/** Contract 4.4, of the user whom a statement of this feature has read beside his credentials. */
export function requireActiveOwner(caller: Caller, row: OwnerAccessRow | undefined): void {
  requireOwnUser(
    caller,
    row === undefined ? undefined : { state: row.ownerState, validFrom: row.ownerValidFrom, validTo: row.ownerValidTo },
  );
}
