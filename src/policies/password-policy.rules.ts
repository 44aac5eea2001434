import {
  DEFAULT_LIFETIME_MS,
  LIFETIME_PARAMETER,
  LOCKING_PARAMETERS,
  MAX_DURATION_MS,
  readLoginLocking,
} from './login-locking.rules.js';
import { boolean, integer } from './parameter-types.rules.js';
import type { PasswordPolicy } from './password-policy.model.js';
import { PolicyParameters, type PolicyReading } from './policy-parameters.rules.js';

const ENFORCED: readonly string[] = ['minLength', 'allowLoginIdInPassword', LIFETIME_PARAMETER, ...LOCKING_PARAMETERS];

/** A policy must not require more than the maximum length of a password. */
const MAX_CHARACTERS = 250;

/** Parses the parameters of a PwdPolicy that have an effect; all others are only stored (contract 2.12). */
export function readPasswordPolicy(parameters: Readonly<Record<string, string>>): PolicyReading<PasswordPolicy> {
  const given = new PolicyParameters(parameters);
  return given.finish({
    minLength: given.read('minLength', integer(1, MAX_CHARACTERS), 12),
    allowLoginIdInPassword: given.read('allowLoginIdInPassword', boolean, true),
    credentialLifetime: given.read(LIFETIME_PARAMETER, integer(1, MAX_DURATION_MS), DEFAULT_LIFETIME_MS),
    locking: readLoginLocking(given),
  });
}

/** The names of parameters that are stored without effect, sorted: the read-only member `notEnforced`. */
export function notEnforced(parameters: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(parameters)
    .filter((name) => !ENFORCED.includes(name))
    .toSorted();
}
