import { type OwnPassword, requireOwnUser } from '../auth/own-user.js';
import type { UserActivity } from '../common/active-user.js';
import type { Caller } from '../common/actor.js';

export interface OwnerActivityRow {
  readonly ownerState: UserActivity['state'];
  readonly ownerValidFrom: Date | null;
  readonly ownerValidTo: Date | null;
}

/** The policy by which a credential is evaluated, in the version that must still hold when it is stored. */
export interface PolicyRow {
  /** The JSON text. */
  readonly policyParameters: string;
  readonly policyVersion: number;
}

/** The part of a row that decides whether users may change their own record; `ofOwner` reads it. */
export interface OwnerAccessRow extends OwnerActivityRow, OwnPassword {}

export function ownerActivity(row: OwnerActivityRow): UserActivity {
  return { state: row.ownerState, validFrom: row.ownerValidFrom, validTo: row.ownerValidTo };
}

/** Contract 4.4, of the user whom a statement has read beside their credentials. */
export function requireActiveOwner(caller: Caller, row: OwnerAccessRow | undefined): void {
  requireOwnUser(caller, row === undefined ? undefined : { ...row, ...ownerActivity(row) });
}
