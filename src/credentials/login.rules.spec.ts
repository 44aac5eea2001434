import { describe, expect, it } from 'vitest';

import { credentialOf, later, NOW, policyOf } from '../../test/support/rule-fixtures.js';
import type { CredentialState, LockState } from './credential-state.rules.js';
import { afterFailure, afterSuccess } from './login.rules.js';

type Failure = readonly [lock: LockState['lock'], failures: number];

/** Successive failed logins, each at the end of the previous lock. */
function failing(times: number, parameters: Record<string, string>): Failure[] {
  const { locking } = policyOf(parameters);
  let credential: CredentialState = credentialOf();
  let now = NOW;
  return Array.from({ length: times }, () => {
    now = credential.lockedUntil ?? now;
    credential = { ...credential, ...afterFailure(credential, locking, now) };
    return [credential.lock, credential.failures] as const;
  });
}

describe('afterFailure', () => {
  it.each<[string, Record<string, string>, Failure[]]>([
    [
      'ok/strict mode: one failure after a temporary lock locks again',
      { maxCredFailureCount: '-1' },
      [
        [null, 1],
        ['tmp-locked', 2],
        ['tmp-locked', 3],
        ['tmp-locked', 4],
      ],
    ],
    [
      'ok/threshold mode: a temporary lock resets the count to the next one',
      { maxCredFailureCount: '-1', tmpLockingMode: 'threshold' },
      [
        [null, 1],
        ['tmp-locked', 2],
        [null, 3],
        ['tmp-locked', 4],
        [null, 5],
      ],
    ],
    [
      'ok/all failures count towards the permanent lock',
      { maxCredFailureCount: '5', tmpLockingMode: 'threshold' },
      [
        [null, 1],
        ['tmp-locked', 2],
        [null, 3],
        ['tmp-locked', 4],
        ['fail-locked', 5],
      ],
    ],
    [
      'ok/by default the third failure locks permanently',
      {},
      [
        [null, 1],
        ['tmp-locked', 2],
        ['fail-locked', 3],
      ],
    ],
    [
      'ok/the permanent lock precedes a temporary one',
      { maxCredFailureCount: '2' },
      [
        [null, 1],
        ['fail-locked', 2],
      ],
    ],
    ['ok/a temporary lock at the first failure', { tmpLockingThreshold: '1' }, [['tmp-locked', 1]]],
    [
      'ok/no temporary lock without a threshold',
      { tmpLockingThreshold: '-1' },
      [
        [null, 1],
        [null, 2],
        ['fail-locked', 3],
      ],
    ],
    [
      'ok/no temporary lock without a duration',
      { tmpLockingDuration: '-1' },
      [
        [null, 1],
        [null, 2],
        ['fail-locked', 3],
      ],
    ],
    [
      'ok/no lock where all are off',
      { tmpLockingThreshold: '-1', maxCredFailureCount: '-1' },
      [
        [null, 1],
        [null, 2],
        [null, 3],
        [null, 4],
      ],
    ],
  ])('5.2 %s', (_title, parameters, expected) => {
    expect(failing(expected.length, parameters)).toEqual(expected);
  });

  it('5.2 ok/a temporary lock has its end and its reason', () => {
    const { locking } = policyOf({ tmpLockingDuration: '90000' });
    expect(afterFailure(credentialOf({ failures: 1, failuresSinceLock: 1, successes: 7 }), locking, NOW)).toEqual({
      lock: 'tmp-locked',
      lockedUntil: later(90_000),
      lockReason: 'too-many-login-failures',
      failures: 2,
      failuresSinceLock: 0,
      successes: 7,
    });
  });

  it('5.2 ok/a failure without a new lock clears a lock that has ended', () => {
    const credential = credentialOf({ lock: 'tmp-locked', lockedUntil: NOW, lockReason: 'changed-by-admin' });
    expect(afterFailure(credential, policyOf().locking, NOW)).toMatchObject({
      lock: null,
      lockedUntil: null,
      lockReason: null,
      failures: 1,
    });
  });

  it.each<[string, Partial<CredentialState>]>([
    ['active', {}],
    ['initial', { state: 'initial' }],
    ['admin-changed', { state: 'admin-changed' }],
  ])('5.2 ok/failures can lock a credential that is %s', (_title, columns) => {
    expect(afterFailure(credentialOf({ failures: 2, ...columns }), policyOf().locking, NOW)?.lock).toBe('fail-locked');
  });

  it.each<[string, Partial<CredentialState>]>([
    ['disabled', { state: 'disabled' }],
    ['reset-code', { state: 'reset-code' }],
    ['archived', { state: 'archived' }],
    ['tmp-locked', { lock: 'tmp-locked', lockedUntil: later(1) }],
    ['fail-locked', { lock: 'fail-locked' }],
  ])('5.2 fail/failures do not count for a credential with the state %s', (_title, columns) => {
    expect(afterFailure(credentialOf({ failures: 2, ...columns }), policyOf().locking, NOW)).toBeUndefined();
    expect(afterSuccess(credentialOf({ failures: 2, ...columns }), NOW)).toBeUndefined();
  });
});

describe('afterSuccess', () => {
  it('5.2 ok/failures and a lock that has ended are cleared', () => {
    const credential = credentialOf({
      lock: 'tmp-locked',
      lockedUntil: NOW,
      lockReason: 'too-many-login-failures',
      failures: 2,
      failuresSinceLock: 1,
      successes: 4,
    });
    expect(afterSuccess(credential, NOW)).toEqual({
      lock: null,
      lockedUntil: null,
      lockReason: null,
      failures: 0,
      failuresSinceLock: 0,
      successes: 5,
    });
  });
});
