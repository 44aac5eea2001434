import { version } from '../../http/members.js';
import { UserMembersDto } from './user-members.dto.js';

/** U3: exactly these; a member that is not sent stays as it is (contract 2.4, 3.1). */
export class UpdateUserDto extends UserMembersDto {
  @version()
  version?: number;
}
