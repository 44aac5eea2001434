import { formatInstant } from '../../common/instant.js';
import { instant } from '../../http/openapi/schemas.js';
import { ApiProperty, ApiPropertyOptional } from '../../http/openapi/swagger.js';
import { colonHex } from '../../x509/certificate/colon-hex.js';
import { DerReader } from '../../x509/der/der-reader.js';
import { nameKey } from '../../x509/name/compare-names.js';
import { formatName } from '../../x509/name/format-name.js';
import { readName } from '../../x509/name/read-name.js';
import type { TrustSet } from '../trust-set.model.js';
import { SCOPE_REASONS } from './crl-description.js';
import { CRL_UNUSED_REASONS, type Issue, unusedReason } from './trust-set-crl.rules.js';
import type { TrustSetCrlRow } from './trust-set-crl.table.js';

/** Which certificates a CRL is about (RFC 5280 section 5.2.5); empty: all of its issuer. */
class CrlScopeResource {
  @ApiPropertyOptional({ type: [String], description: 'The names of the distribution point, at most 20 of them.' })
  readonly distributionPoint?: readonly string[];

  @ApiPropertyOptional({ type: 'boolean' })
  readonly onlyUserCertificates?: boolean;

  @ApiPropertyOptional({ type: 'boolean' })
  readonly onlyCaCertificates?: boolean;

  @ApiPropertyOptional({ type: 'boolean' })
  readonly onlyAttributeCertificates?: boolean;

  @ApiPropertyOptional({ type: 'boolean', description: 'It may be about certificates of other issuers.' })
  readonly indirect?: boolean;

  @ApiPropertyOptional({ enum: SCOPE_REASONS, isArray: true })
  readonly onlySomeReasons?: readonly string[];
}

class ReplacedCrlResource {
  @ApiPropertyOptional({ type: 'string', example: '43' })
  readonly number?: string | undefined;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-06-01T12:00:00Z' })
  readonly thisUpdate!: string;
}

/** A CRL of a trust-anchor set as it is returned (contract 11.5). */
export class TrustSetCrlResource {
  @ApiProperty({ example: 'issuing-ca' })
  readonly name!: string;

  @ApiProperty({ example: 'CN=Acme Issuing CA,O=Acme AG,C=CH' })
  readonly issuer!: string;

  @ApiProperty({ type: CrlScopeResource })
  readonly scope!: CrlScopeResource;

  @ApiProperty({ type: 'boolean', description: 'Whether it is a delta CRL and not a complete one.' })
  readonly delta!: boolean;

  @ApiPropertyOptional({ type: 'string', description: 'Decimal.', example: '42' })
  readonly number!: string | undefined;

  @ApiPropertyOptional({
    type: 'string',
    description: 'Of a delta CRL: the number of the complete CRL that it is based on. Decimal.',
    example: '40',
  })
  readonly baseNumber!: string | undefined;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-06-01T12:00:00Z' })
  readonly thisUpdate!: string;

  @instant('When the next one is issued.')
  readonly nextUpdate!: string | undefined;

  @ApiProperty({ description: 'Octets of the DER.', example: 1234 })
  readonly size!: number;

  @ApiProperty({ description: 'SHA-256 of the DER, upper-case hex bytes with colons.', example: 'AB:CD:…' })
  readonly fingerprint!: string;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    description: 'When it was put.',
    example: '2026-06-01T12:00:00Z',
  })
  readonly lastModified!: string;

  @ApiProperty({
    description:
      'Whether it counts now, as far as the CRL and the names in the set show; a check proves its signature.',
  })
  readonly counts!: boolean;

  @ApiPropertyOptional({
    enum: CRL_UNUSED_REASONS,
    description: 'Present where it does not count.',
    example: 'expired',
  })
  readonly reason!: string | undefined;

  @ApiPropertyOptional({ type: 'string', description: 'Why it is `unusable`.' })
  readonly detail!: string | undefined;

  @ApiPropertyOptional({
    type: ReplacedCrlResource,
    description: 'In the answer to a PUT that has replaced a newer CRL: the one before.',
  })
  readonly replacedNewer?: ReplacedCrlResource | undefined;
}

export type ShownCrl = Omit<TrustSetCrlRow, 'der'>;

interface Shown {
  readonly set: TrustSet;
  readonly now: Date;
  readonly replacedNewer?: Issue | undefined;
}

/** Lists every member that is returned. */
export function trustSetCrlResource(row: ShownCrl, { set, now, replacedNewer }: Shown): TrustSetCrlResource {
  const issuer = readName(new DerReader(row.issuer).next(), []);
  const reason = unusedReason(row, { hasIssuer: set.prepared.issuers.has(nameKey(issuer)), now });
  return {
    name: row.name,
    issuer: formatName(issuer),
    scope: row.scope,
    delta: row.baseNumber !== null,
    number: row.number ?? undefined,
    baseNumber: row.baseNumber ?? undefined,
    thisUpdate: formatInstant(row.thisUpdate),
    nextUpdate: row.nextUpdate === null ? undefined : formatInstant(row.nextUpdate),
    size: row.octets,
    fingerprint: colonHex(row.sha256),
    lastModified: formatInstant(row.storedAt),
    counts: reason === undefined,
    reason,
    detail: reason === 'unusable' ? (row.unusable ?? undefined) : undefined,
    replacedNewer: replacedNewer && {
      number: replacedNewer.number ?? undefined,
      thisUpdate: formatInstant(replacedNewer.thisUpdate),
    },
  };
}
