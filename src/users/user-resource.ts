import { formatInstant } from '../common/instant.js';
import { instant, TEXT_MAP_SCHEMA } from '../http/openapi/schemas.js';
import { ApiProperty, ApiPropertyOptional } from '../http/openapi/swagger.js';
import { versionedMembers, VersionedResource } from '../http/versioned-resource.js';
import { LANGUAGES } from './user.model.js';
import { ADDRESS_MEMBERS, userMembers } from './user.rules.js';
import { SEXES, USER_STATES, type UserRow } from './user.table.js';

export class UserNameResource {
  @ApiPropertyOptional({ type: 'string', example: 'Dr.' })
  readonly title?: string;

  @ApiPropertyOptional({ type: 'string', example: 'Jane' })
  readonly firstName?: string;

  @ApiPropertyOptional({ type: 'string', example: 'Doe' })
  readonly familyName?: string;
}

export class UserContactsResource {
  @ApiPropertyOptional({ type: 'string', example: '+41 31 555 01 01' })
  readonly telephone?: string;

  @ApiPropertyOptional({ type: 'string' })
  readonly telefax?: string;

  @ApiPropertyOptional({ type: 'string' })
  readonly mobile?: string;

  @ApiPropertyOptional({ type: 'string', example: 'jane.doe@example.com' })
  readonly email?: string;
}

export class UserValidityResource {
  @instant('The earliest time at which the user may log in.')
  readonly from?: string | undefined;

  @instant('The latest time at which the user may log in.')
  readonly to?: string | undefined;
}

/** A user as it is returned (contract 2.4). A member without a value is undefined. */
export class UserResource extends VersionedResource {
  @ApiProperty({ example: 'user-123' })
  readonly extId!: string;

  @ApiProperty({ example: '100' })
  readonly clientExtId!: string;

  @ApiProperty({ enum: USER_STATES, example: 'active' })
  readonly userState!: string;

  @ApiProperty({ example: 'jane.doe' })
  readonly loginId!: string;

  @ApiPropertyOptional({ type: 'string', enum: [...LANGUAGES], example: 'EN' })
  readonly languageCode!: string | undefined;

  @ApiProperty()
  readonly isTechnicalUser!: boolean;

  @ApiPropertyOptional({ type: UserNameResource })
  readonly name!: UserNameResource | undefined;

  @ApiPropertyOptional({ type: 'string', enum: [...SEXES], example: 'female' })
  readonly sex!: string | undefined;

  @ApiPropertyOptional({ type: 'string', enum: [...SEXES], example: 'female' })
  readonly gender!: string | undefined;

  @ApiPropertyOptional({ type: 'string', format: 'date', example: '1984-07-19' })
  readonly birthDate!: string | undefined;

  @ApiPropertyOptional({
    type: 'object',
    properties: Object.fromEntries(ADDRESS_MEMBERS.map((name) => [name, { type: 'string' as const }])),
    example: { street: 'Marktgasse', houseNumber: '1', postalCode: '3011', city: 'Bern', countryCode: 'CH' },
  })
  readonly address!: Readonly<Record<string, string>> | undefined;

  @ApiPropertyOptional({ type: UserContactsResource })
  readonly contacts!: UserContactsResource | undefined;

  @ApiPropertyOptional({ type: UserValidityResource })
  readonly validity!: UserValidityResource | undefined;

  @ApiPropertyOptional(TEXT_MAP_SCHEMA)
  readonly properties!: Readonly<Record<string, string>> | undefined;

  @ApiPropertyOptional({ type: 'string' })
  readonly remarks!: string | undefined;

  @ApiPropertyOptional({ type: 'string' })
  readonly modificationComment!: string | undefined;
}

/** Lists every member that is returned. A new column is not returned until it is added here. */
export function userResource(row: UserRow): UserResource {
  const { validity, ...members } = userMembers(row);
  return {
    ...versionedMembers(row),
    extId: row.extId,
    clientExtId: row.clientExtId,
    ...members,
    validity: validity && { from: optionalInstant(validity.from), to: optionalInstant(validity.to) },
  };
}

function optionalInstant(value: Date | undefined): string | undefined {
  return value === undefined ? undefined : formatInstant(value);
}
