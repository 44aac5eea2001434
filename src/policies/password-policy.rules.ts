import { credentialLifetime, LOCKING_PARAMETERS, withLocking } from './login-locking.rules.js';
import { boolean, integer } from './parameter-types.rules.js';
import type { PasswordPolicy } from './password-policy.model.js';
import { parameter, ParameterReader, type PolicyReading } from './policy-parameters.rules.js';

/** A policy must not require more than the maximum length of a password. */
const MAX_CHARACTERS = 250;

/** What is acted on; a PwdPolicy stores any other name as well (contract 2.12). */
export const PASSWORD_PARAMETERS = {
  minLength: parameter({
    type: integer(1, MAX_CHARACTERS),
    default: 12,
    effect: 'The smallest number of characters of a new password.',
    example: '16',
    rule: '2.12',
  }),
  allowLoginIdInPassword: parameter({
    type: boolean,
    default: true,
    effect: "`false`: a new password must not contain the user's login id, whatever the letter case.",
    example: 'false',
    rule: '2.12',
  }),
  credentialLifetime: credentialLifetime('How many milliseconds a password is valid after it was set.'),
  ...LOCKING_PARAMETERS,
};

/** Reads the parameters of a PwdPolicy that have an effect; all others are only stored (contract 2.12). */
export function readPasswordPolicy(parameters: Readonly<Record<string, string>>): PolicyReading<PasswordPolicy> {
  const reader = new ParameterReader(parameters);
  return reader.finish(withLocking(reader.read(PASSWORD_PARAMETERS)));
}

/** The names of parameters that are stored without effect, sorted: the read-only member `notEnforced`. */
export function notEnforced(parameters: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(parameters)
    .filter((name) => !Object.hasOwn(PASSWORD_PARAMETERS, name))
    .toSorted();
}
