import type { LoginLocking } from './login-locking.model.js';
import { integerOrOff, oneOf } from './parameter-types.rules.js';
import type { PolicyParameters } from './policy-parameters.rules.js';

export const LOCKING_PARAMETERS = [
  'maxCredFailureCount',
  'tmpLockingThreshold',
  'tmpLockingDuration',
  'tmpLockingMode',
] as const;

export const LIFETIME_PARAMETER = 'credentialLifetime';

/** Ten years, the documented default. */
export const DEFAULT_LIFETIME_MS = 315_360_000_000;

/** A hundred years: the end of a lock remains a date that every clock and database can store. */
export const MAX_DURATION_MS = 3_153_600_000_000;

const MAX_FAILURES = 2_147_483_647;

export function readLoginLocking(parameters: PolicyParameters): LoginLocking {
  return {
    maxCredFailureCount: parameters.read('maxCredFailureCount', integerOrOff(1, MAX_FAILURES), 3),
    tmpLockingThreshold: parameters.read('tmpLockingThreshold', integerOrOff(1, MAX_FAILURES), 2),
    tmpLockingDuration: parameters.read('tmpLockingDuration', integerOrOff(1, MAX_DURATION_MS), 60_000),
    tmpLockingMode: parameters.read('tmpLockingMode', oneOf(['strict', 'threshold']), 'strict'),
  };
}
