import { externalId, flag, nested, oneOf, text, version } from '../http/members.js';
import { propertyMap } from '../http/text-map.js';
import { calendarDate, countryCode, instant, languageCode } from './user-member.js';
import { SEXES, USER_STATES, type UserState } from './user.table.js';

class UserNameDto {
  @text(0, 250, { nullable: true, example: 'Dr.' })
  title?: string | null;

  @text(0, 250, { nullable: true, example: 'Jane' })
  firstName?: string | null;

  @text(0, 250, { nullable: true, example: 'Doe' })
  familyName?: string | null;
}

class AddressDto {
  @text(0, 250, { nullable: true })
  addressline1?: string | null;

  @text(0, 250, { nullable: true })
  addressline2?: string | null;

  @text(0, 250, { nullable: true, example: '3011' })
  postalCode?: string | null;

  @text(0, 250, { nullable: true, example: 'Bern' })
  city?: string | null;

  @text(0, 250, { nullable: true, example: 'Marktgasse' })
  street?: string | null;

  @text(0, 250, { nullable: true, example: '1' })
  houseNumber?: string | null;

  @countryCode()
  countryCode?: string | null;

  @text(0, 250, { nullable: true })
  postOfficeBoxText?: string | null;

  @text(0, 250, { nullable: true })
  postOfficeBoxNumber?: string | null;

  @text(0, 250, { nullable: true })
  dwellingNumber?: string | null;

  @text(0, 250, { nullable: true })
  locality?: string | null;
}

class ContactsDto {
  @text(0, 250, { nullable: true, example: '+41 31 555 01 01' })
  telephone?: string | null;

  @text(0, 250, { nullable: true })
  telefax?: string | null;

  @text(0, 250, { nullable: true })
  mobile?: string | null;

  @text(0, 250, { nullable: true, example: 'jane.doe@example.com' })
  email?: string | null;
}

/** When a user may log in, both ends included. */
class ValidityDto {
  @instant({ example: '2026-01-01T00:00:00Z' })
  from?: Date | null;

  @instant({ example: '2026-12-31T23:59:59Z' })
  to?: Date | null;
}

const MERGED = 'Merged member by member; null clears a member.';

/** The members of both U1 and U3 (contract 2.4). */
export abstract class UserMembersDto {
  @text(1, 100, {
    description: 'Requires LoginIdOverride. Unique in the client, ignoring case.',
    example: 'jane.doe',
  })
  loginId?: string;

  @oneOf(USER_STATES, { description: 'archived is final, and deletes the credentials.', example: 'active' })
  userState?: UserState;

  @languageCode()
  languageCode?: string | null;

  @nested(() => UserNameDto, { nullable: true, description: MERGED })
  name?: UserNameDto | null;

  @oneOf(SEXES, { nullable: true })
  sex?: string | null;

  @oneOf(SEXES, { nullable: true })
  gender?: string | null;

  @calendarDate({ nullable: true, example: '1984-07-19' })
  birthDate?: string | null;

  @nested(() => AddressDto, { nullable: true, description: MERGED })
  address?: AddressDto | null;

  @nested(() => ContactsDto, { nullable: true, description: MERGED })
  contacts?: ContactsDto | null;

  @nested(() => ValidityDto, { nullable: true, description: MERGED })
  validity?: ValidityDto | null;

  @propertyMap({ nullable: true, description: 'null or an empty text removes a property.' })
  properties?: Record<string, string | null> | null;

  @text(0, 1000, { nullable: true })
  remarks?: string | null;

  @text(0, 1000, { nullable: true, description: 'A comment on this change.' })
  modificationComment?: string | null;
}

/** U1 (contract 2.4). */
export class CreateUserDto extends UserMembersDto {
  @externalId({ description: 'Generated if absent.', example: 'user-123' })
  extId?: string;

  @flag({ description: 'Whether the user is an application. Requires UserCreateTechUser.' })
  isTechnicalUser?: boolean;
}

/** U3: exactly these members; one that is not sent stays unchanged (contract 2.4, 3.1). */
export class UpdateUserDto extends UserMembersDto {
  @version()
  version?: number;
}
