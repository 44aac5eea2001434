import type { CredentialRow } from '../credentials/credential.table.js';
import type { OwnerActivityRow, PolicyRow } from '../credentials/owner-access.js';

/** The owner's columns that the evaluation of a password needs. */
export interface OwnerRow {
  readonly ownerLoginId: string;
  readonly ownerVersion: number;
}

/** The rows against which a password is evaluated, in the versions that must still be current when it is stored. */
export type OwnerAndPolicyRow = OwnerRow &
  OwnerActivityRow &
  PolicyRow &
  Pick<CredentialRow, 'userExtId' | 'policyExtId'>;

export type EvaluatedPassword = CredentialRow & OwnerAndPolicyRow;
