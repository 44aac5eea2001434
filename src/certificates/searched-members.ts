import { CredentialResource } from '../credentials/credential-resource.js';
import type { ShownSearchColumns } from '../credentials/credential.table.js';
import { ApiProperty, ApiPropertyOptional } from '../http/openapi/swagger.js';
import { ALTERNATIVE_NAME_TYPES, type AlternativeName } from '../x509/certificate/alternative-name.js';
import { colonHex } from '../x509/certificate/colon-hex.js';

export class AlternativeNameResource {
  @ApiProperty({ enum: ALTERNATIVE_NAME_TYPES, example: 'email' })
  readonly type!: AlternativeName['type'];

  @ApiProperty({ example: 'jane@acme.test' })
  readonly value!: string;
}

export class AuthorityKeyIdentifierResource {
  @ApiPropertyOptional({ type: 'string', description: 'Upper-case hex bytes with colons.' })
  readonly keyIdentifier!: string | undefined;

  @ApiPropertyOptional({ type: [AlternativeNameResource], description: "The names of the issuer's issuer." })
  readonly issuer?: readonly AlternativeNameResource[] | undefined;

  @ApiPropertyOptional({ type: 'string', description: "The serial number of the issuer's certificate." })
  readonly serial?: string | undefined;
}

class PublicKeyResource {
  @ApiPropertyOptional({
    type: 'string',
    description: 'As the policy parameter `keyTypes` spells it.',
    example: 'EC:P-256',
  })
  readonly keyType!: string | undefined;

  @ApiPropertyOptional({
    type: 'string',
    description: 'Digest of the subjectPublicKeyInfo, upper-case hex bytes with colons.',
  })
  readonly sha256!: string | undefined;
}

/**
 * The members of a certificate that it is searched by, as they are searched: names are case-folded. Absent where the
 * certificate has no such member, and until the server has described a certificate of an older version.
 */
export class SearchedMembersResource extends CredentialResource {
  @ApiPropertyOptional({ type: PublicKeyResource })
  readonly publicKey?: PublicKeyResource | undefined;

  @ApiPropertyOptional({ type: 'string', description: "OpenSSL's name, or the OID.", example: 'ecdsa-with-SHA256' })
  readonly signatureAlgorithm?: string | undefined;

  @ApiPropertyOptional({ type: [AlternativeNameResource], description: 'Case-folded, as they are searched.' })
  readonly subjectAlternativeNames?: readonly AlternativeNameResource[] | undefined;

  @ApiPropertyOptional({ type: [String], example: ['digitalSignature'] })
  readonly keyUsage?: readonly string[] | undefined;

  @ApiPropertyOptional({ type: [String], description: 'OIDs.', example: ['1.3.6.1.5.5.7.3.2'] })
  readonly extendedKeyUsage?: readonly string[] | undefined;

  @ApiPropertyOptional({ type: AuthorityKeyIdentifierResource })
  readonly authorityKeyIdentifier?: AuthorityKeyIdentifierResource | undefined;
}

/** None where the columns describe another certificate than the row has. */
export function searchedMembers(
  row: ShownSearchColumns & { readonly sha256: Buffer },
): Omit<SearchedMembersResource, keyof CredentialResource> {
  if (row.describedSha256?.equals(row.sha256) !== true) return {};
  const { keyType, publicKeySha256, authorityKeyIdentifier: issuerKey } = row;
  return {
    publicKey:
      publicKeySha256 === null ? undefined : { keyType: keyType ?? undefined, sha256: colonHex(publicKeySha256) },
    signatureAlgorithm: row.signatureAlgorithm ?? undefined,
    subjectAlternativeNames: row.subjectAlternativeNames?.map(shownName),
    keyUsage: row.keyUsage ?? undefined,
    extendedKeyUsage: row.extendedKeyUsage ?? undefined,
    authorityKeyIdentifier: issuerKey === null ? undefined : { keyIdentifier: colonHex(issuerKey) },
  };
}

function shownName(searched: string): AlternativeNameResource {
  const colon = searched.indexOf(':');
  return { type: searched.slice(0, colon) as AlternativeName['type'], value: searched.slice(colon + 1) };
}
