import { ApiProperty, ApiPropertyOptional } from '../http/openapi/swagger.js';
import { REVOCATION_REASONS, type RevocationReason } from '../x509/revocation/crl-entry.js';
import { REVOCATION_SOURCE_KINDS, type RevocationSource } from '../x509/revocation/revocation-source.js';
import { REVOCATION_STATUSES, type RevocationStatus } from '../x509/revocation/revocation-status.js';
import { UNKNOWN_CODES, type UnknownCause } from '../x509/revocation/unknown-cause.js';
import type { CertificateEvidence, ShownFailure, ShownSource } from './revocation-evidence.js';

class RevocationSourceResource implements ShownSource {
  @ApiProperty({ enum: REVOCATION_SOURCE_KINDS, example: 'ocsp' })
  readonly kind!: RevocationSource['kind'];

  @ApiProperty({
    description: 'The URL of the responder, or the issuer and the number of the CRL.',
    example: 'http://ocsp.acme.example',
  })
  readonly name!: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  readonly thisUpdate!: string;

  @ApiPropertyOptional({ type: 'string', format: 'date-time' })
  readonly nextUpdate!: string | undefined;
}

class FailedRevocationSourceResource implements ShownFailure {
  @ApiProperty({ enum: REVOCATION_SOURCE_KINDS, example: 'crl' })
  readonly kind!: RevocationSource['kind'];

  @ApiProperty({ example: 'http://crl.acme.example/issuing.crl' })
  readonly url!: string;

  @ApiProperty({ example: 'It did not answer within 3 seconds.' })
  readonly detail!: string;
}

/** Contract 13.5. */
export class CertificateEvidenceResource implements CertificateEvidence {
  @ApiPropertyOptional({ type: 'string', maxLength: 250, example: 'CN=Jane Doe,O=Acme AG,C=CH' })
  readonly subjectDN!: string | undefined;

  @ApiProperty({ description: 'Digest of the DER, upper-case hex bytes with colons.', example: 'AB:CD:…' })
  readonly fingerprint!: string;

  @ApiProperty({ enum: REVOCATION_STATUSES, example: 'revoked' })
  readonly status!: RevocationStatus['status'];

  @ApiPropertyOptional({ enum: REVOCATION_REASONS, description: 'Of a revoked certificate.', example: 'keyCompromise' })
  readonly reason!: RevocationReason | undefined;

  @ApiPropertyOptional({ type: 'string', format: 'date-time', description: 'Of a revoked certificate.' })
  readonly revocationDate!: string | undefined;

  @ApiPropertyOptional({ enum: UNKNOWN_CODES, description: 'Why the status is unknown.', example: 'crlExpired' })
  readonly code!: UnknownCause['code'] | undefined;

  @ApiPropertyOptional({ type: 'string', example: 'RFC 5280 section 6.3.3 (a)(1)' })
  readonly section!: string | undefined;

  @ApiPropertyOptional({ type: 'string', example: 'The next CRL should have been issued already.' })
  readonly detail!: string | undefined;

  @ApiProperty({ type: [RevocationSourceResource], description: 'What the status rests on.' })
  readonly sources!: readonly ShownSource[];

  @ApiProperty({
    type: [FailedRevocationSourceResource],
    description: 'The sources that have given nothing, and those that were not asked.',
  })
  readonly failed!: readonly ShownFailure[];
}
