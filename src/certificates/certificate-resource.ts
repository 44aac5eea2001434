import { credentialMembers } from '../credentials/credential-resource.js';
import type { CertificateRow } from '../credentials/credential.table.js';
import { ApiProperty, ApiPropertyOptional } from '../http/openapi/swagger.js';
import { colonHex } from '../x509/certificate/colon-hex.js';
import { toPem } from '../x509/certificate/pem.js';
import type { FingerprintAlgorithm } from './path-outcome.js';
import { searchedMembers, SearchedMembersResource } from './searched-members.js';

/** A certificate credential as it is returned (contract 2.7, 2.8). A member without a value is undefined. */
export class CertificateResource extends SearchedMembersResource {
  @ApiProperty({ enum: ['Certificate'] })
  readonly type!: 'Certificate';

  @ApiPropertyOptional({ type: 'string', example: 'CN=Jane Doe,OU=IT,O=Acme AG,C=CH' })
  readonly subjectDN!: string | undefined;

  @ApiPropertyOptional({ type: 'string', example: 'CN=Acme Issuing CA,O=Acme AG,C=CH' })
  readonly issuerDN!: string | undefined;

  @ApiProperty({ description: 'Digest of the DER, upper-case hex bytes with colons.', example: 'AB:CD:…' })
  readonly fingerprint!: string;

  @ApiPropertyOptional({ type: 'string', description: 'Upper-case hex.', example: '0A1B2C' })
  readonly serial!: string | undefined;

  @ApiPropertyOptional({ type: 'string', description: 'Upper-case hex bytes with colons.' })
  readonly subjectKeyIdentifier!: string | undefined;

  @ApiProperty({ description: 'One PEM block.' })
  readonly certificate!: string;
}

/** Adds the members of a certificate to those of every credential type; only members listed here are returned. */
export function certificateResource(
  row: CertificateRow,
  now: Date,
  fingerprintAlgorithm: FingerprintAlgorithm,
): CertificateResource {
  return {
    ...credentialMembers(row, now),
    type: 'Certificate',
    subjectDN: row.subjectDn ?? undefined,
    issuerDN: row.issuerDn ?? undefined,
    fingerprint: colonHex(fingerprintAlgorithm === 'sha1' ? row.sha1 : row.sha256),
    serial: row.serial ?? undefined,
    subjectKeyIdentifier: row.ski === null ? undefined : colonHex(row.ski),
    ...searchedMembers(row),
    certificate: toPem(row.der),
  };
}
