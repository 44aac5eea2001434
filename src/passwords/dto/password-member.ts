import { type MemberOptions, type MemberReader, readAs } from '../../http/members.js';
import { MAX_PASSWORD_LENGTH, preparedPassword } from '../prepared-password.rules.js';

const read: MemberReader<string> = (text) => {
  if (text === '' || text.length > MAX_PASSWORD_LENGTH) {
    return { ok: false, message: `password must be a text of 1 to ${MAX_PASSWORD_LENGTH} characters.` };
  }
  const value = preparedPassword(text);
  return value === undefined
    ? { ok: false, message: 'password must not hold control characters or characters that Unicode has not assigned.' }
    : { ok: true, value };
};

/** A password that is to be stored; it arrives in the service in its prepared form. */
export function newPassword(options: MemberOptions = {}): PropertyDecorator {
  return readAs(
    read,
    { type: 'string', format: 'password', minLength: 1, maxLength: MAX_PASSWORD_LENGTH, writeOnly: true },
    { description: 'Evaluated by the policy, stored as argon2id, and never answered.', ...options },
  );
}
