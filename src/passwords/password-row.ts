import type { CredentialRow } from '../credentials/credential.table.js';
import type { OwnerActivityRow, PolicyRow } from '../credentials/owner-access.js';

/** What is asked about the owner where a password is evaluated. */
export interface OwnerRow {
  readonly ownerLoginId: string;
  readonly ownerVersion: number;
}

/** The rows by which a password is evaluated, in the versions that must still hold when it is stored. */
export type OwnerAndPolicyRow = OwnerRow &
  OwnerActivityRow &
  PolicyRow &
  Pick<CredentialRow, 'userExtId' | 'policyExtId'>;

export type EvaluatedPassword = CredentialRow & OwnerAndPolicyRow;
