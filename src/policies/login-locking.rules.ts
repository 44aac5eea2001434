import type { LoginLocking } from './login-locking.model.js';
import { integer, integerOrOff, oneOf } from './parameter-types.rules.js';
import { parameter } from './policy-parameters.rules.js';

/** Ten years, the documented default. */
const DEFAULT_LIFETIME_MS = 315_360_000_000;

/** A hundred years: the end of a lock remains a date that every clock and database can store. */
const MAX_DURATION_MS = 3_153_600_000_000;

const MAX_FAILURES = 2_147_483_647;

/** The parameter `credentialLifetime`; what it bounds depends on the type of credential. */
export function credentialLifetime(effect: string) {
  return parameter({
    type: integer(1, MAX_DURATION_MS),
    default: DEFAULT_LIFETIME_MS,
    defaultText: `\`${DEFAULT_LIFETIME_MS}\` (ten years)`,
    effect,
    example: '31536000000',
    rule: '2.8',
  });
}

export const LOCKING_PARAMETERS = {
  maxCredFailureCount: parameter({
    type: integerOrOff(1, MAX_FAILURES),
    default: 3,
    effect:
      'The number of failed logins that lock the credential (`fail-locked`) until somebody unlocks it. Every failure since ' +
      'the last success, reset or unlock counts. `-1`: failures never lock it for good.',
    example: '10',
    rule: '5.2',
  }),
  tmpLockingThreshold: parameter({
    type: integerOrOff(1, MAX_FAILURES),
    default: 2,
    effect:
      'The number of failed logins that lock the credential for a time (`tmp-locked`). `-1`: failures never lock it for a time.',
    example: '5',
    rule: '5.2',
  }),
  tmpLockingDuration: parameter({
    type: integerOrOff(1, MAX_DURATION_MS),
    default: 60_000,
    defaultText: '`60000` (one minute)',
    effect:
      'How many milliseconds a temporary lock lasts. `-1`: failures never lock for a time, and a lock that an administrator ' +
      'sets lasts one minute.',
    example: '300000',
    rule: '5.2',
  }),
  tmpLockingMode: parameter<LoginLocking['tmpLockingMode']>({
    type: oneOf(['strict', 'threshold']),
    default: 'strict',
    effect:
      'What happens after a temporary lock. `strict`: a single further failure locks again. `threshold`: the count towards ' +
      '`tmpLockingThreshold` begins anew.',
    example: 'threshold',
    rule: '5.2',
  }),
};

/** A policy has the parameters of its locks together. */
export function withLocking<Values extends LoginLocking>(values: Values) {
  const { maxCredFailureCount, tmpLockingThreshold, tmpLockingDuration, tmpLockingMode, ...own } = values;
  const locking: LoginLocking = { maxCredFailureCount, tmpLockingThreshold, tmpLockingDuration, tmpLockingMode };
  return { ...own, locking };
}
