import { PasswordResource, passwordResource } from '../credentials/credential-resource.js';
import type { CertificateRow, CredentialRow } from '../credentials/credential.table.js';
import { CertificateResource, certificateResource, type FingerprintAlgorithm } from './certificate-resource.js';

/** By the values of `type`. */
export const USER_CREDENTIAL_RESOURCES = { Certificate: CertificateResource, Password: PasswordResource } as const;

/** A credential of any type with all its members; a password has only the common ones. */
export type UserCredentialResource = CertificateResource | PasswordResource;

export type UserCredentialRow =
  | (CertificateRow & { readonly type: 'Certificate' })
  | (CredentialRow & { readonly type: 'Password' });

export function userCredentialResource(
  row: UserCredentialRow,
  now: Date,
  fingerprintAlgorithm: FingerprintAlgorithm,
): UserCredentialResource {
  return row.type === 'Certificate' ? certificateResource(row, now, fingerprintAlgorithm) : passwordResource(row, now);
}
