import { ApiProperty, IntersectionType, PartialType, PickType } from '@nestjs/swagger';

import { credentialMembers, CredentialResource } from '../credentials/credential-resource.js';
import type { CredentialRow } from '../credentials/credential.table.js';
import type { CertificateRow } from '../credentials/credential.table.js';
import { CertificateResource, certificateResource, type FingerprintAlgorithm } from './certificate-resource.js';

class CertificateMembers extends PickType(CertificateResource, [
  'subjectDN',
  'issuerDN',
  'fingerprint',
  'serial',
  'subjectKeyIdentifier',
  'certificate',
]) {}

/** A credential of any type with all its members; a password has only the common ones. */
export class UserCredentialResource extends IntersectionType(CredentialResource, PartialType(CertificateMembers)) {
  @ApiProperty({ enum: ['Certificate', 'Password'] })
  readonly type!: string;
}

export type UserCredentialRow =
  | (CertificateRow & { readonly type: 'Certificate' })
  | (CredentialRow & { readonly type: 'Password' });

export function userCredentialResource(
  row: UserCredentialRow,
  now: Date,
  fingerprintAlgorithm: FingerprintAlgorithm,
): UserCredentialResource {
  return row.type === 'Certificate'
    ? certificateResource(row, now, fingerprintAlgorithm)
    : { ...credentialMembers(row, now), type: row.type };
}
