import { externalId, flag } from '../../http/members.js';
import { UserMembersDto } from './user-members.dto.js';

/** U1 (contract 2.4). */
export class CreateUserDto extends UserMembersDto {
  @externalId({ description: 'Generated where it is absent.', example: 'user-123' })
  extId?: string;

  @flag({ description: 'A piece of software. Needs UserCreateTechUser.' })
  isTechnicalUser?: boolean;
}
