import type { CredentialRow } from '../credentials/credential.table.js';
import type { OwnerActivityRow } from '../credentials/owner-access.js';

/** What is asked about the owner where a password is evaluated. */
export interface OwnerRow {
  readonly ownerLoginId: string;
  readonly ownerVersion: number;
}

export interface PolicyOfPasswordRow {
  /** The JSON text. */
  readonly policyParameters: string;
  readonly policyVersion: number;
}

/** The rows by which a password is evaluated, in the versions that must still hold when it is stored. */
export type OwnerAndPolicyRow = OwnerRow &
  OwnerActivityRow &
  PolicyOfPasswordRow &
  Pick<CredentialRow, 'userExtId' | 'policyExtId'>;

export type EvaluatedPassword = CredentialRow & OwnerAndPolicyRow;
