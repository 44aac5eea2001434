import { describe, expect, it } from 'vitest';

import { credentialOf, later, NOW, policyOf } from '../../test/support/rule-fixtures.js';
import type { UserActivity } from '../common/active-user.js';
import { decideLogin, type PasswordLogin } from './password-login.rules.js';

const login = (members: Partial<PasswordLogin> = {}, credential = {}) =>
  decideLogin({
    owner: { state: 'active' },
    credential: credentialOf({ validFrom: NOW, validTo: NOW, ...credential }),
    locking: policyOf({ tmpLockingThreshold: '-1', maxCredFailureCount: '2' }).locking,
    matches: true,
    now: NOW,
    ...members,
  });

describe('decideLogin', () => {
  it('4.8 ok/the right password logs in, is counted, and clears the failures', () => {
    expect(login({}, { failures: 1, successes: 4 })).toMatchObject({
      succeeded: true,
      counted: { successes: 5, failures: 0, lock: null },
    });
  });

  it('4.8 fail/a wrong password counts as a failure and locks as the policy says', () => {
    expect(login({ matches: false })).toMatchObject({ succeeded: false, counted: { failures: 1, lock: null } });
    expect(login({ matches: false }, { failures: 1 })).toMatchObject({
      succeeded: false,
      counted: { failures: 2, lock: 'fail-locked' },
    });
  });

  it.each<[string, UserActivity]>([
    ['disabled', { state: 'disabled' }],
    ['archived', { state: 'archived' }],
    ['not valid yet', { state: 'active', validFrom: later(1) }],
    ['no longer valid', { state: 'active', validTo: later(-1) }],
  ])('2.6 fail/a user who is %s cannot log in, and nothing is counted', (_title, owner) => {
    for (const matches of [true, false]) {
      expect(login({ owner, matches })).toEqual({ succeeded: false, counted: undefined });
    }
  });

  it.each<[string, object]>([
    ['not valid yet', { validFrom: later(1) }],
    ['no longer valid', { validFrom: null, validTo: later(-1) }],
    ['locked', { lock: 'fail-locked' }],
    ['locked for a time', { lock: 'tmp-locked', lockedUntil: later(1) }],
    ['disabled', { state: 'disabled' }],
    ['archived', { state: 'archived' }],
    ['waiting for a reset code', { state: 'reset-code' }],
  ])('5.2 fail/a password that is %s cannot log in, and nothing is counted', (_title, credential) => {
    for (const matches of [true, false]) {
      expect(login({ matches }, credential)).toEqual({ succeeded: false, counted: undefined });
    }
  });

  it.each<[string, object]>([
    ['whose lock has ended', { lock: 'tmp-locked', lockedUntil: NOW }],
    ['that is new', { state: 'initial' }],
    ['that an administrator changed', { state: 'admin-changed' }],
    ['without validity', { validFrom: null, validTo: null }],
  ])('5.2 ok/a password %s can log in', (_title, credential) => {
    expect(login({}, credential).succeeded).toBe(true);
  });
});
