import { describe, expect, it } from 'vitest';

import { credentialOf, later, NOW } from '../../test/support/rule-fixtures.js';
import {
  ASSIGNABLE_STATES,
  effectiveState,
  lockAt,
  shownReason,
  STATE_CHANGE_REASONS,
  STATE_NAMES,
  stateAt,
  type CredentialState,
  type StateName,
} from './credential-state.rules.js';

const failures = 'too-many-login-failures';

describe('effectiveState', () => {
  it.each<[string, Partial<CredentialState>, StateName, string]>([
    ['ok/no lock', { state: 'initial', reason: 'initialized' }, 'initial', 'initialized'],
    [
      'ok/locked until later',
      { lock: 'tmp-locked', lockedUntil: later(1), lockReason: failures },
      'tmp-locked',
      failures,
    ],
    [
      'ok/unlocked at the exact end of the lock',
      { lock: 'tmp-locked', lockedUntil: NOW, lockReason: failures },
      'active',
      'initialized',
    ],
    [
      'ok/ended',
      {
        state: 'disabled',
        reason: 'changed-by-admin',
        lock: 'tmp-locked',
        lockedUntil: later(-1),
        lockReason: failures,
      },
      'disabled',
      'changed-by-admin',
    ],
    ['ok/locked until someone unlocks', { lock: 'fail-locked', lockReason: failures }, 'fail-locked', failures],
    [
      'ok/a permanent lock has no end, whatever the column says',
      { lock: 'fail-locked', lockedUntil: later(-1), lockReason: failures },
      'fail-locked',
      failures,
    ],
    [
      'ok/a temporary lock without an end stays',
      { lock: 'tmp-locked', lockReason: 'changed-by-admin' },
      'tmp-locked',
      'changed-by-admin',
    ],
    [
      'ok/a lock without a reason has the reason of the state under it',
      { lock: 'fail-locked' },
      'fail-locked',
      'initialized',
    ],
  ])('5.3 %s', (_title, columns, stateName, reason) => {
    expect(effectiveState(credentialOf(columns), NOW)).toMatchObject({ stateName, stateChangeReason: reason });
  });

  it('5.3 ok/the detail belongs to the state under a lock', () => {
    const credential = credentialOf({
      state: 'disabled',
      detail: 'keyTypes: …',
      lock: 'tmp-locked',
      lockedUntil: later(1),
    });
    expect(effectiveState(credential, NOW).stateChangeDetail).toBeNull();
    expect(effectiveState(credential, later(1)).stateChangeDetail).toBe('keyTypes: …');
  });

  it('5.3 ok/lockAt', () => {
    expect(lockAt({ lock: null, lockedUntil: later(1) }, NOW)).toBeNull();
    expect(lockAt({ lock: 'tmp-locked', lockedUntil: later(1) }, NOW)).toBe('tmp-locked');
    expect(lockAt({ lock: 'tmp-locked', lockedUntil: NOW }, NOW)).toBeNull();
  });
});

it('6.4 ok/the reason of a lock that the policy hides is not shown', () => {
  const credential = credentialOf({
    state: 'disabled',
    stateSetBy: 'policyOverLock',
    reason: 'policy-check-failed',
    lock: 'fail-locked',
    lockReason: failures,
  });
  expect(shownReason(credential)).toBe('policy-check-failed');
  expect(effectiveState(credential, NOW)).toMatchObject({
    stateName: 'disabled',
    stateChangeReason: 'policy-check-failed',
  });
});

describe('stateAt', () => {
  it('5.3 ok/a lock that has ended is cleared, and its counters are kept', () => {
    const credential = credentialOf({ lock: 'tmp-locked', lockedUntil: NOW, lockReason: failures, failures: 2 });
    expect(stateAt(credential, NOW)).toEqual({
      ...credential,
      lock: null,
      lockedUntil: null,
      lockReason: null,
    });
  });

  it('5.3 ok/an active lock stays', () => {
    const credential = credentialOf({ lock: 'tmp-locked', lockedUntil: later(1), lockReason: failures });
    expect(stateAt(credential, NOW)).toBe(credential);
  });
});

it('5.4 ok/the list of reasons', () => {
  expect(STATE_CHANGE_REASONS).toHaveLength(15);
  expect(new Set(STATE_CHANGE_REASONS).size).toBe(15);
});

it('2.7 ok/an update may set every state except archived', () => {
  expect([...ASSIGNABLE_STATES, 'archived']).toEqual(STATE_NAMES);
});
