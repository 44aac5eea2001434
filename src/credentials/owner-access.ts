import { type OwnPassword, requireOwnUser } from '../auth/own-user.js';
import type { UserActivity } from '../common/active-user.js';
import type { Caller } from '../common/actor.js';

export interface OwnerActivityRow {
  readonly ownerState: UserActivity['state'];
  readonly ownerValidFrom: Date | null;
  readonly ownerValidTo: Date | null;
}

/** The version of the owner that must still be current when what was evaluated is stored. */
export interface OwnerVersionRow {
  readonly ownerGeneration: string;
  readonly ownerVersion: number;
}

/** The policy against which a credential is evaluated, in the version that must still be current when it is stored. */
export interface PolicyRow {
  /** The JSON text. */
  readonly policyParameters: string;
  /** A policy that was deleted and created again has another one, and begins with version 1 again. */
  readonly policyGeneration: string;
  readonly policyVersion: number;
  /** Raised when the trust-anchor set of the policy changes (contract 11.3). */
  readonly evaluationVersion: number;
}

/** The columns that decide whether users may change their own record; `ofOwner` reads them. */
export interface OwnerAccessRow extends OwnerActivityRow, OwnPassword {}

export function ownerActivity(row: OwnerActivityRow): UserActivity {
  return { state: row.ownerState, validFrom: row.ownerValidFrom, validTo: row.ownerValidTo };
}

/** Contract 4.4, for the user that a statement has read together with their credentials. */
export function requireActiveOwner(caller: Caller, row: OwnerAccessRow | undefined): void {
  requireOwnUser(caller, row === undefined ? undefined : { ...row, ...ownerActivity(row) });
}
