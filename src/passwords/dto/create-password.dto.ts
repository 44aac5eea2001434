import { STATE_NAMES, type StateName } from '../../credentials/credential-state.rules.js';
import { externalId, oneOf } from '../../http/members.js';
import { newPassword } from './password-member.js';

/** W1 (contract 2.13). */
export class CreatePasswordDto {
  @newPassword({ required: true, example: 'correct horse battery staple' })
  password!: string;

  @externalId({ description: "A PwdPolicy of the client. If absent: the client's default.", example: 'password' })
  policyExtId?: string;

  @oneOf(STATE_NAMES, { description: 'If absent: active.', example: 'active' })
  stateName?: StateName;
}
