import { type MemberOptions, type MemberReader, readAs } from '../../http/members.js';
import { MAX_PASSWORD_LENGTH } from '../password.model.js';
import { preparedPassword } from '../prepared-password.rules.js';

const read: MemberReader<string> = (text) => {
  if (text === '' || text.length > MAX_PASSWORD_LENGTH) {
    return { ok: false, message: `password must be text of 1 to ${MAX_PASSWORD_LENGTH} characters.` };
  }
  const value = preparedPassword(text);
  return value === undefined
    ? { ok: false, message: 'password must not contain control characters or unassigned Unicode characters.' }
    : { ok: true, value };
};

/** A new password, prepared before the service sees it. */
export function newPassword(options: MemberOptions = {}): PropertyDecorator {
  return readAs(
    read,
    { type: 'string', format: 'password', minLength: 1, maxLength: MAX_PASSWORD_LENGTH, writeOnly: true },
    { description: 'Checked against the policy, stored as argon2id, and never returned.', ...options },
  );
}
