import { ASSIGNABLE_STATES, type AssignableState } from '../../credentials/credential-state.rules.js';
import { oneOf, text, version } from '../../http/members.js';
import { newPassword } from './password-member.js';

/** W1: exactly these; a member that is not sent stays as it is (contract 2.13, 3.1). */
export class UpdatePasswordDto {
  @newPassword({ example: 'correct horse battery staple' })
  password?: string;

  @oneOf(ASSIGNABLE_STATES, { description: 'Not for the user himself.', example: 'active' })
  stateName?: AssignableState;

  @text(0, 1000, {
    nullable: true,
    description: 'Comment regarding this modification; null clears it. Not for the user himself.',
    example: 'Reset on the telephone',
  })
  modificationComment?: string | null;

  @version()
  version?: number;
}
