import { hash } from 'node:crypto';

import { formatInstant } from '../common/instant.js';
import { ApiProperty, ApiPropertyOptional } from '../http/openapi/swagger.js';
import { VersionedResource, versionedMembers } from '../http/versioned-resource.js';
import { colonHex } from '../x509/certificate/colon-hex.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { toPem } from '../x509/certificate/pem.js';
import { formatName } from '../x509/name/format-name.js';
import { issuerProblem } from '../x509/path/issuer-problem.js';
import { PATH_REASONS } from '../x509/path/path-result.js';
import type { StoredCertificates } from './read-trust-sets.js';
import { CERTIFICATE_ROLES } from './trust-set.model.js';
import type { TrustSetRow } from './trust-set.table.js';

class CertificateValidityResource {
  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-01-01T00:00:00Z' })
  readonly from!: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2036-01-01T00:00:00Z' })
  readonly to!: string;
}

/** A certificate of a set. If the stored bytes cannot be read, only their fingerprint is known. */
class TrustedCertificateResource {
  @ApiProperty({ enum: CERTIFICATE_ROLES })
  readonly role!: string;

  @ApiPropertyOptional({ type: 'string', example: 'CN=Acme Root CA,O=Acme AG,C=CH' })
  readonly subjectDN!: string | undefined;

  @ApiPropertyOptional({ type: 'string', example: 'CN=Acme Root CA,O=Acme AG,C=CH' })
  readonly issuerDN!: string | undefined;

  @ApiProperty({ description: 'Digest of the DER, upper-case hex bytes with colons.', example: 'AB:CD:…' })
  readonly fingerprint!: string;

  @ApiPropertyOptional({ type: 'string', description: 'Upper-case hex.', example: '0A1B2C' })
  readonly serial!: string | undefined;

  @ApiPropertyOptional({ type: 'string', description: 'Upper-case hex bytes with colons.' })
  readonly subjectKeyIdentifier!: string | undefined;

  @ApiPropertyOptional({ type: CertificateValidityResource })
  readonly validity!: CertificateValidityResource | undefined;

  @ApiProperty({ description: 'Whether a path can use it now, as far as the certificate alone shows.' })
  readonly usable!: boolean;

  @ApiPropertyOptional({ enum: PATH_REASONS, description: 'Present if it is not usable.', example: 'expired' })
  readonly reason!: string | undefined;
}

/** A trust-anchor set as it is returned (contract 11.1). */
export class TrustAnchorSetResource extends VersionedResource {
  @ApiProperty({ example: 'corporate' })
  readonly extId!: string;

  @ApiProperty({ example: 'client-123' })
  readonly clientExtId!: string;

  @ApiProperty({ maxLength: 100, example: 'Acme' })
  readonly name!: string;

  @ApiPropertyOptional({ type: 'string', maxLength: 1000 })
  readonly description!: string | undefined;

  @ApiProperty({ description: 'PEM blocks, one after another.' })
  readonly anchors!: string;

  @ApiPropertyOptional({ type: 'string', description: 'PEM blocks, one after another; absent if there are none.' })
  readonly intermediates!: string | undefined;

  @ApiProperty({ type: [TrustedCertificateResource], description: 'The anchors, then the intermediates, in order.' })
  readonly certificates!: readonly TrustedCertificateResource[];
}

export interface Shown {
  readonly now: Date;
  readonly fingerprintAlgorithm: 'sha256' | 'sha1';
}

/** Lists every member that is returned. */
export function trustSetResource(
  row: TrustSetRow,
  { anchors, intermediates }: StoredCertificates,
  shown: Shown,
): TrustAnchorSetResource {
  return {
    ...versionedMembers(row),
    extId: row.extId,
    clientExtId: row.clientExtId,
    name: row.name,
    description: row.description ?? undefined,
    anchors: row.anchors.map(toPem).join(''),
    intermediates: row.intermediates.length === 0 ? undefined : row.intermediates.map(toPem).join(''),
    certificates: [
      ...row.anchors.map((der, index) => trustedCertificate('anchor', der, anchors[index], shown)),
      ...row.intermediates.map((der, index) => trustedCertificate('intermediate', der, intermediates[index], shown)),
    ],
  };
}

function trustedCertificate(
  role: (typeof CERTIFICATE_ROLES)[number],
  der: Buffer,
  certificate: DerCertificate | undefined,
  { now, fingerprintAlgorithm }: Shown,
): TrustedCertificateResource {
  const shared = { role, fingerprint: colonHex(hash(fingerprintAlgorithm, der, 'buffer')) };
  if (certificate === undefined) return { ...UNREADABLE, ...shared };
  const { subject, issuer, serial, subjectKeyIdentifier, notBefore, notAfter } = certificate;
  const problem = issuerProblem(certificate, role === 'anchor', now);
  return {
    ...shared,
    subjectDN: subject === undefined ? undefined : formatName(subject),
    issuerDN: issuer === undefined ? undefined : formatName(issuer),
    serial,
    subjectKeyIdentifier: subjectKeyIdentifier === undefined ? undefined : colonHex(subjectKeyIdentifier),
    validity: { from: formatInstant(notBefore), to: formatInstant(notAfter) },
    usable: problem === undefined,
    reason: problem?.reason,
  };
}

const UNREADABLE = {
  subjectDN: undefined,
  issuerDN: undefined,
  serial: undefined,
  subjectKeyIdentifier: undefined,
  validity: undefined,
  usable: false,
  reason: 'malformed',
} as const;
