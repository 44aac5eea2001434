import { formatInstant } from '../../common/instant.js';
import { ApiProperty, ApiPropertyOptional } from '../../http/openapi/swagger.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { colonHex } from '../../x509/certificate/colon-hex.js';
import { formatName } from '../../x509/name/format-name.js';
import { keyTypeText } from '../search-columns.js';
import { AlternativeNameResource, AuthorityKeyIdentifierResource } from '../searched-members.js';

class CertificatePeriodResource {
  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-01-01T00:00:00Z' })
  readonly from!: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2027-01-01T00:00:00Z' })
  readonly to!: string;
}

class BasicConstraintsResource {
  @ApiProperty({ description: 'Whether it is a CA.' })
  readonly ca!: boolean;

  @ApiPropertyOptional({ type: 'integer' })
  readonly pathLength!: number | undefined;
}

/** Every member that is derived from a certificate, or that it is searched by. What it does not have is absent. */
export class CertificateDescriptionResource {
  @ApiPropertyOptional({ type: 'string', example: 'CN=Jane Doe,OU=IT,O=Acme AG,C=CH' })
  readonly subjectDN!: string | undefined;

  @ApiPropertyOptional({ type: 'string', example: 'CN=Acme Issuing CA,O=Acme AG,C=CH' })
  readonly issuerDN!: string | undefined;

  @ApiProperty({ description: 'Upper-case hex.', example: '0A1B2C' })
  readonly serial!: string;

  @ApiProperty({ description: 'Digest of the DER, upper-case hex bytes with colons.', example: 'AB:CD:…' })
  readonly fingerprintSha256!: string;

  @ApiProperty({ description: 'Digest of the DER, upper-case hex bytes with colons.', example: 'AB:CD:…' })
  readonly fingerprintSha1!: string;

  @ApiProperty({ type: CertificatePeriodResource })
  readonly validity!: CertificatePeriodResource;

  @ApiProperty({ description: 'As the policy parameter `keyTypes` spells it.', example: 'EC:P-256' })
  readonly keyType!: string;

  @ApiProperty({ description: 'Digest of the subjectPublicKeyInfo, upper-case hex bytes with colons.' })
  readonly publicKeySha256!: string;

  @ApiProperty({ description: "OpenSSL's name, or the OID.", example: 'ecdsa-with-SHA256' })
  readonly signatureAlgorithm!: string;

  @ApiPropertyOptional({ type: 'string', description: 'Upper-case hex bytes with colons.' })
  readonly subjectKeyIdentifier!: string | undefined;

  @ApiPropertyOptional({ type: AuthorityKeyIdentifierResource })
  readonly authorityKeyIdentifier!: AuthorityKeyIdentifierResource | undefined;

  @ApiProperty({ type: [AlternativeNameResource] })
  readonly subjectAlternativeNames!: readonly AlternativeNameResource[];

  @ApiPropertyOptional({ type: [String], example: ['digitalSignature'] })
  readonly keyUsage!: readonly string[] | undefined;

  @ApiPropertyOptional({ type: [String], description: 'OIDs.', example: ['1.3.6.1.5.5.7.3.2'] })
  readonly extendedKeyUsage!: readonly string[] | undefined;

  @ApiPropertyOptional({ type: BasicConstraintsResource })
  readonly basicConstraints!: BasicConstraintsResource | undefined;

  @ApiPropertyOptional({ type: [String], description: 'OIDs.' })
  readonly certificatePolicies!: readonly string[] | undefined;

  @ApiProperty({ type: [String] })
  readonly crlAddresses!: readonly string[];

  @ApiProperty({ type: [String] })
  readonly ocspAddresses!: readonly string[];

  @ApiProperty({ type: [String], description: "Where the issuer's certificate is." })
  readonly caIssuersAddresses!: readonly string[];
}

/** Contract 14.1. */
export function describeCertificate(certificate: Certificate): CertificateDescriptionResource {
  const { subject, issuer, subjectKeyIdentifier, authorityKeyIdentifier, basicConstraints } = certificate;
  return {
    subjectDN: subject && formatName(subject),
    issuerDN: issuer && formatName(issuer),
    serial: certificate.serial,
    fingerprintSha256: colonHex(certificate.sha256),
    fingerprintSha1: colonHex(certificate.sha1),
    validity: { from: formatInstant(certificate.notBefore), to: formatInstant(certificate.notAfter) },
    keyType: keyTypeText(certificate.publicKey),
    publicKeySha256: colonHex(certificate.publicKeySha256),
    signatureAlgorithm: certificate.signatureAlgorithm,
    subjectKeyIdentifier: subjectKeyIdentifier && colonHex(subjectKeyIdentifier),
    authorityKeyIdentifier: authorityKeyIdentifier && {
      ...authorityKeyIdentifier,
      keyIdentifier: authorityKeyIdentifier.keyIdentifier && colonHex(authorityKeyIdentifier.keyIdentifier),
    },
    subjectAlternativeNames: certificate.subjectAlternativeNames,
    keyUsage: certificate.keyUsage && [...certificate.keyUsage],
    extendedKeyUsage: certificate.extendedKeyUsage && [...certificate.extendedKeyUsage],
    basicConstraints: basicConstraints && {
      ca: basicConstraints.cA,
      pathLength: basicConstraints.pathLenConstraint,
    },
    certificatePolicies: certificate.certificatePolicies,
    crlAddresses: certificate.crlAddresses,
    ocspAddresses: certificate.ocspAddresses,
    caIssuersAddresses: certificate.caIssuersAddresses,
  };
}
