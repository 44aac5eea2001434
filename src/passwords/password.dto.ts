import { isLongerThan } from '../common/text-length.js';
import {
  ASSIGNABLE_STATES,
  type AssignableState,
  STATE_NAMES,
  type StateName,
} from '../credentials/credential-state.rules.js';
import { externalId, type MemberOptions, type MemberReader, oneOf, readAs, text, version } from '../http/members.js';
import { MAX_PASSWORD_LENGTH } from './password.model.js';
import { preparedPassword } from './password.rules.js';

const readNewPassword: MemberReader<string> = (sent) => {
  if (sent === '' || isLongerThan(sent, MAX_PASSWORD_LENGTH)) {
    return { ok: false, message: `password must be text of 1 to ${MAX_PASSWORD_LENGTH} characters.` };
  }
  const value = preparedPassword(sent);
  return value === undefined
    ? { ok: false, message: 'password must not contain control characters or unassigned Unicode characters.' }
    : { ok: true, value };
};

/** A new password, prepared before the service sees it. */
function newPassword(options: MemberOptions = {}): PropertyDecorator {
  return readAs(
    readNewPassword,
    { type: 'string', format: 'password', minLength: 1, maxLength: MAX_PASSWORD_LENGTH, writeOnly: true },
    { description: 'Checked against the policy, stored as argon2id, and never returned.', ...options },
  );
}

/** W1 (contract 2.13). */
export class CreatePasswordDto {
  @newPassword({ required: true, example: 'correct horse battery staple' })
  password!: string;

  @externalId({ description: "A PwdPolicy of the client. If absent: the client's default.", example: 'password' })
  policyExtId?: string;

  @oneOf(STATE_NAMES, { description: 'If absent: active.', example: 'active' })
  stateName?: StateName;
}

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
