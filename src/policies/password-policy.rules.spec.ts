import { describe, expect, it } from 'vitest';

import { notEnforced, readPasswordPolicy } from './password-policy.rules.js';

describe('readPasswordPolicy', () => {
  it('2.12 ok/without parameters all have their defaults', () => {
    expect(readPasswordPolicy({}).policy).toEqual({
      minLength: 12,
      allowLoginIdInPassword: true,
      credentialLifetime: 315_360_000_000,
      locking: {
        maxCredFailureCount: 3,
        tmpLockingThreshold: 2,
        tmpLockingDuration: 60_000,
        tmpLockingMode: 'strict',
      },
    });
  });

  it('2.12 ok/each parameter with an effect is read', () => {
    const { policy } = readPasswordPolicy({
      minLength: '16',
      allowLoginIdInPassword: 'false',
      credentialLifetime: '1000',
      maxCredFailureCount: '-1',
      tmpLockingThreshold: '4',
      tmpLockingDuration: '5',
      tmpLockingMode: 'threshold',
    });
    expect(policy).toEqual({
      minLength: 16,
      allowLoginIdInPassword: false,
      credentialLifetime: 1000,
      locking: {
        maxCredFailureCount: undefined,
        tmpLockingThreshold: 4,
        tmpLockingDuration: 5,
        tmpLockingMode: 'threshold',
      },
    });
  });

  it('2.12 ok/every other parameter is stored with any value, and listed as not enforced', () => {
    const parameters = { minLength: '8', 'regex.1': '[', checkDictionary: 'perhaps', auditCredentialValue: '' };
    expect(readPasswordPolicy(parameters).errors).toEqual([]);
    expect(notEnforced(parameters)).toEqual(['auditCredentialValue', 'checkDictionary', 'regex.1']);
  });

  it('2.12 ok/nothing is listed where everything is enforced', () => {
    expect(notEnforced({ minLength: '8', tmpLockingMode: 'strict', credentialLifetime: '1' })).toEqual([]);
  });

  it.each([
    ['minLength', '0'],
    ['minLength', '251'],
    ['minLength', 'twelve'],
    ['allowLoginIdInPassword', 'no'],
    ['credentialLifetime', '-1'],
    ['maxCredFailureCount', '0'],
    ['tmpLockingThreshold', ''],
    ['tmpLockingDuration', '0'],
    ['tmpLockingMode', 'lenient'],
  ])('2.12 fail/%s = "%s"', (name, value) => {
    const { policy, errors } = readPasswordPolicy({ [name]: value });
    expect(policy).toBeUndefined();
    expect(errors).toEqual([expect.objectContaining({ code: 'errors.invalidData', field: `parameters.${name}` })]);
  });

  it('2.12 fail/all errors are reported at once', () => {
    expect(readPasswordPolicy({ minLength: 'a', tmpLockingMode: 'b' }).errors).toHaveLength(2);
  });
});
