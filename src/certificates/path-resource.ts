import { ApiProperty, ApiPropertyOptional } from '../http/openapi/swagger.js';
import { PATH_REASONS, type PathReason } from '../x509/path/path-result.js';
import type { PathCertificate, PathFindingOutcome, PathOutcome, RejectedCertificate } from './path-outcome.js';

class PathCertificateResource implements PathCertificate {
  @ApiPropertyOptional({ type: 'string', maxLength: 250, example: 'CN=Jane Doe,O=Acme AG,C=CH' })
  readonly subjectDN!: string | undefined;

  @ApiPropertyOptional({ type: 'string', maxLength: 250, example: 'CN=Acme Issuing CA,O=Acme AG,C=CH' })
  readonly issuerDN!: string | undefined;

  @ApiProperty({ description: 'Digest of the DER, upper-case hex bytes with colons.', example: 'AB:CD:…' })
  readonly fingerprint!: string;

  @ApiProperty({ description: 'Upper-case hex.', example: '0A1B2C' })
  readonly serial!: string;
}

class RejectedCertificateResource extends PathCertificateResource implements RejectedCertificate {
  @ApiProperty({ enum: PATH_REASONS, example: 'expired' })
  readonly reason!: PathReason;

  @ApiProperty({ description: 'What requires it.', example: 'RFC 5280 section 6.1.3 (a)(2)' })
  readonly section!: string;

  @ApiProperty({ example: 'Its validity has ended.' })
  readonly detail!: string;
}

class PathFindingResource implements PathFindingOutcome {
  @ApiProperty({ description: 'Of the certificate.', example: 'AB:CD:…' })
  readonly fingerprint!: string;

  @ApiProperty({ example: 'RFC 5280 section 4.1.2.2' })
  readonly section!: string;

  @ApiProperty()
  readonly detail!: string;
}

/** Contract 12.4. */
export class PathOutcomeResource implements PathOutcome {
  @ApiProperty()
  readonly proven!: boolean;

  @ApiProperty({
    type: [PathCertificateResource],
    description: 'From the certificate to the anchor; if no path is proven, the attempt that came closest to one.',
  })
  readonly certificates!: readonly PathCertificate[];

  @ApiProperty({ type: [RejectedCertificateResource], description: 'What was rejected, if no path is proven.' })
  readonly rejected!: readonly RejectedCertificate[];

  @ApiProperty({ type: 'integer', description: 'The number of rejected certificates that are left out.' })
  readonly omitted!: number;

  @ApiProperty({
    type: [PathFindingResource],
    description: 'Violated requirements of RFC 5280 section 4 that do not refuse the path.',
  })
  readonly findings!: readonly PathFindingOutcome[];
}
