import { ASSIGNABLE_STATES, type AssignableState } from '../../credentials/credential-state.rules.js';
import { oneOf, text, version } from '../../http/members.js';
import { newPassword } from './password-member.js';

/** W1: exactly these members; one that is not sent stays unchanged (contract 2.13, 3.1). */
export class UpdatePasswordDto {
  @newPassword({ example: 'correct horse battery staple' })
  password?: string;

  @oneOf(ASSIGNABLE_STATES, { description: 'Only for administrators.', example: 'active' })
  stateName?: AssignableState;

  @text(0, 1000, {
    nullable: true,
    description: 'A comment on this change; null clears it. Only for administrators.',
    example: 'Reset on the telephone',
  })
  modificationComment?: string | null;

  @version()
  version?: number;
}
