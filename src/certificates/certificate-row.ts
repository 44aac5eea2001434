import type { CertificateRow } from '../credentials/credential.table.js';
import {
  type OwnerAccessRow,
  ownerActivity,
  type OwnerActivityRow,
  type OwnerVersionRow,
  type PolicyRow,
} from '../credentials/owner-access.js';
import type { CredentialOwner } from '../credentials/state-refusals.rules.js';

/** The owner's columns that the evaluation of a certificate needs. */
export interface OwnerRow extends OwnerVersionRow {
  readonly ownerLoginId: string;
  readonly ownerFirstName: string | null;
  readonly ownerFamilyName: string | null;
  readonly ownerEmail: string | null;
}

/** The rows against which a certificate is evaluated, in the versions that must still be current when it is stored. */
export type OwnerAndPolicyRow = OwnerRow &
  OwnerAccessRow &
  PolicyRow &
  Pick<CertificateRow, 'userExtId' | 'policyExtId'>;

export type EvaluatedCertificate = CertificateRow & OwnerAndPolicyRow;

export function ownerOf(row: OwnerRow & OwnerActivityRow & Pick<CertificateRow, 'userExtId'>): CredentialOwner {
  return {
    ...ownerActivity(row),
    extId: row.userExtId,
    loginId: row.ownerLoginId,
    firstName: row.ownerFirstName ?? undefined,
    familyName: row.ownerFamilyName ?? undefined,
    email: row.ownerEmail ?? undefined,
  };
}
