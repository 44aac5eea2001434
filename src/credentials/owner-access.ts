import { type OwnPassword, requireOwnUser } from '../auth/own-user.js';
import type { UserActivity } from '../common/active-user.js';
import type { Caller } from '../common/actor.js';

/** The part of a row that decides whether a user may touch his own record; `ofOwner` reads it. */
export interface OwnerAccessRow extends OwnPassword {
  readonly ownerState: UserActivity['state'];
  readonly ownerValidFrom: Date | null;
  readonly ownerValidTo: Date | null;
}

/** Contract 4.4, of the user whom a statement has read beside his credentials. */
export function requireActiveOwner(caller: Caller, row: OwnerAccessRow | undefined): void {
  requireOwnUser(
    caller,
    row === undefined
      ? undefined
      : { ...row, state: row.ownerState, validFrom: row.ownerValidFrom, validTo: row.ownerValidTo },
  );
}
