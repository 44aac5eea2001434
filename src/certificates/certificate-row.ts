import type { CredentialOwner } from '../credentials/credential-owner.rules.js';
import type { CredentialRow } from '../credentials/credential-row.model.js';
import type { OwnerAccessRow } from '../credentials/owner-access.js';

/** A certificate credential as the statements of `certificate.queries.ts` read it. */
export interface CertificateRow extends CredentialRow {
  readonly der: Buffer;
  readonly sha256: Buffer;
  readonly sha1: Buffer;
  readonly subjectDn: string | null;
  readonly issuerDn: string | null;
  readonly serial: string | null;
  readonly ski: Buffer | null;
}

/** The part of a row that a certificate is judged by. */
export interface JudgesRow extends OwnerAccessRow {
  readonly ownerLoginId: string;
  readonly ownerFirstName: string | null;
  readonly ownerFamilyName: string | null;
  readonly ownerEmail: string | null;
  readonly ownerVersion: number;
  /** The JSON text; null where there is no such policy. */
  readonly policyParameters: string | null;
  readonly policyVersion: number | null;
}

export function ownerOf(extId: string, row: JudgesRow): CredentialOwner {
  return {
    extId,
    loginId: row.ownerLoginId,
    firstName: row.ownerFirstName ?? undefined,
    familyName: row.ownerFamilyName ?? undefined,
    email: row.ownerEmail ?? undefined,
    state: row.ownerState,
    validFrom: row.ownerValidFrom,
    validTo: row.ownerValidTo,
  };
}
