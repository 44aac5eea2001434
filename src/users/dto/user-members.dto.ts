import { nested, oneOf, text } from '../../http/members.js';
import { propertyMap } from '../../http/property-map.js';
import { SEXES, USER_STATES, type UserState } from '../user-columns.model.js';
import { AddressDto } from './address.dto.js';
import { ContactsDto } from './contacts.dto.js';
import { calendarDate, languageCode } from './user-member.js';
import { UserNameDto } from './user-name.dto.js';
import { ValidityDto } from './validity.dto.js';

const MERGED = 'Merged member by member; null clears.';

/** What U1 and U3 both take (contract 2.4). */
export abstract class UserMembersDto {
  @text(1, 100, {
    description: 'Needs LoginIdOverride. Unique in the client, without regard to case.',
    example: 'jane.doe',
  })
  loginId?: string;

  @oneOf(USER_STATES, { description: 'archived is final, and takes the credentials along.', example: 'active' })
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

  @propertyMap({ nullable: true, description: 'null or an empty text removes a name.' })
  properties?: Record<string, string | null> | null;

  @text(0, 1000, { nullable: true })
  remarks?: string | null;

  @text(0, 1000, { nullable: true, description: 'Comment regarding this modification.' })
  modificationComment?: string | null;
}
