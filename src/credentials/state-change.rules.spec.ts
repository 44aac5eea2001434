import { describe, expect, it } from 'vitest';

import { credentialOf, later, NOW, policyOf } from '../../test/support/rule-fixtures.js';
import { STATE_NAMES, type CredentialState, type StateName } from './credential-state.rules.js';
import {
  changesState,
  isDisabledByPerson,
  mayChangeState,
  mayCreateInState,
  mayRemoveSecret,
  stateAfterManualChange,
  type CallerMode,
} from './state-change.rules.js';

const pairs = STATE_NAMES.flatMap((from) => STATE_NAMES.filter((to) => to !== from).map((to) => [from, to] as const));

describe('mayChangeState', () => {
  it.each(pairs)('5.1 an administrator: %s to %s', (from, to) => {
    expect(mayChangeState('administrator', from, to)).toBe(from !== 'archived' && to !== 'archived');
  });

  it.each(pairs)('5.1 a self-admin: %s to %s', (from, to) => {
    const allowed = ['initial to active', 'admin-changed to active'];
    const disables = to === 'disabled' && from !== 'archived';
    expect(mayChangeState('selfAdmin', from, to)).toBe(disables || allowed.includes(`${from} to ${to}`));
  });
});

describe('changesState', () => {
  it.each<[string, CallerMode, Partial<CredentialState>, StateName, boolean]>([
    ['another state', 'administrator', {}, 'disabled', true],
    ['the same state', 'administrator', {}, 'active', false],
    ['the same state, set by the owner', 'administrator', { stateSetBy: 'owner' }, 'active', false],
    ['disabled, where the owner did it', 'administrator', { state: 'disabled', stateSetBy: 'owner' }, 'disabled', true],
    [
      'disabled, where the policy did it',
      'administrator',
      { state: 'disabled', stateSetBy: 'policy' },
      'disabled',
      true,
    ],
    ['disabled, where an administrator did it', 'administrator', { state: 'disabled' }, 'disabled', false],
    ['disabled again by the owner', 'selfAdmin', { state: 'disabled', stateSetBy: 'policy' }, 'disabled', false],
    ['the lock that is in effect', 'administrator', { lock: 'fail-locked' }, 'fail-locked', false],
    ['the state under the lock', 'administrator', { lock: 'fail-locked' }, 'active', true],
  ])('3.1 %s', (_title, mode, columns, to, expected) => {
    expect(changesState(mode, credentialOf(columns), to, NOW)).toBe(expected);
  });
});

describe('isDisabledByPerson', () => {
  it.each([
    ['owner', true],
    ['ownerOutOfLock', true],
    ['administrator', true],
    ['policy', false],
    ['policyOverLock', false],
    ['policyOverResetCode', false],
  ] as const)('6.4 disabled by %s: %s', (stateSetBy, expected) => {
    expect(isDisabledByPerson(credentialOf({ state: 'disabled', stateSetBy }))).toBe(expected);
    expect(isDisabledByPerson(credentialOf({ state: 'active', stateSetBy }))).toBe(false);
  });
});

describe('mayCreateInState', () => {
  it.each(STATE_NAMES)('4.6 %s', (state) => {
    expect(mayCreateInState('administrator', state)).toBe(true);
    expect(mayCreateInState('selfAdmin', state)).toBe(['initial', 'active', 'disabled'].includes(state));
  });
});

describe('mayRemoveSecret', () => {
  it.each<[string, Partial<CredentialState>]>([
    ['ok/active, also by an administrator', { stateSetBy: 'administrator' }],
    ['ok/disabled by the owner', { state: 'disabled', stateSetBy: 'owner' }],
    ['ok/disabled by the policy', { state: 'disabled', stateSetBy: 'policy' }],
    [
      'ok/disabled by the policy over a lock that has ended',
      { state: 'disabled', stateSetBy: 'policyOverLock', lock: 'tmp-locked', lockedUntil: NOW },
    ],
    ['ok/a lock that has ended', { lock: 'tmp-locked', lockedUntil: NOW }],
    ['ok/initial', { state: 'initial' }],
  ])('5.1 %s', (_title, columns) => {
    expect(mayRemoveSecret('selfAdmin', credentialOf(columns), NOW)).toBe(true);
  });

  it.each<[string, Partial<CredentialState>]>([
    ['fail/locked for a time', { lock: 'tmp-locked', lockedUntil: later(1) }],
    ['fail/locked until someone unlocks', { lock: 'fail-locked' }],
    ['fail/disabled by an administrator', { state: 'disabled', stateSetBy: 'administrator' }],
    ['fail/disabled by the owner while locked', { state: 'disabled', stateSetBy: 'ownerOutOfLock' }],
    ['fail/disabled by the owner, then locked', { state: 'disabled', stateSetBy: 'owner', lock: 'fail-locked' }],
    [
      'fail/disabled by the policy over a lock',
      { state: 'disabled', stateSetBy: 'policyOverLock', lock: 'fail-locked' },
    ],
    ['fail/disabled by the policy over reset-code', { state: 'disabled', stateSetBy: 'policyOverResetCode' }],
    ['fail/archived', { state: 'archived', stateSetBy: 'administrator' }],
  ])('5.1 %s', (_title, columns) => {
    expect(mayRemoveSecret('selfAdmin', credentialOf(columns), NOW)).toBe(false);
    expect(mayRemoveSecret('administrator', credentialOf(columns), NOW)).toBe(true);
  });
});

describe('stateAfterManualChange', () => {
  const { locking } = policyOf();

  it.each<[string, 'administrator' | 'selfAdmin', Partial<CredentialState>, StateName, Partial<CredentialState>]>([
    [
      '5.4 ok/activated',
      'selfAdmin',
      { state: 'initial' },
      'active',
      { state: 'active', reason: 'activated', stateSetBy: 'owner' },
    ],
    [
      '5.4 ok/activated by an administrator',
      'administrator',
      { state: 'initial' },
      'active',
      { reason: 'activated', stateSetBy: 'administrator' },
    ],
    [
      '5.4 ok/disabled before it was activated',
      'selfAdmin',
      { state: 'initial' },
      'disabled',
      { state: 'disabled', reason: 'changed-by-user', stateSetBy: 'owner' },
    ],
    [
      '5.4 ok/by the user',
      'selfAdmin',
      {},
      'disabled',
      { state: 'disabled', reason: 'changed-by-user', stateSetBy: 'owner' },
    ],
    [
      '5.4 ok/by an administrator',
      'administrator',
      {},
      'reset-code',
      { state: 'reset-code', reason: 'changed-by-admin' },
    ],
    [
      '5.4 ok/the detail goes with its reason',
      'administrator',
      { state: 'disabled', detail: 'x' },
      'active',
      { detail: null },
    ],
    [
      '5.4 ok/leaving a lock',
      'administrator',
      { lock: 'fail-locked', lockReason: 'too-many-login-failures', failures: 3, failuresSinceLock: 1 },
      'active',
      { state: 'active', reason: 'unlock', lock: null, lockReason: null, failures: 0, failuresSinceLock: 0 },
    ],
    [
      '5.1 ok/disabled by the owner while locked, which is recorded',
      'selfAdmin',
      { lock: 'tmp-locked', lockedUntil: later(1), failures: 2 },
      'disabled',
      { state: 'disabled', stateSetBy: 'ownerOutOfLock', reason: 'unlock', lock: null, lockedUntil: null, failures: 0 },
    ],
    [
      '5.1 ok/disabled by the owner after the end of a lock',
      'selfAdmin',
      { lock: 'tmp-locked', lockedUntil: NOW, failures: 2 },
      'disabled',
      { state: 'disabled', stateSetBy: 'owner', reason: 'changed-by-user', failures: 2 },
    ],
    [
      '5.2 ok/a temporary lock by an administrator keeps the state under it',
      'administrator',
      { state: 'initial', reason: 'initialized', failures: 1 },
      'tmp-locked',
      {
        state: 'initial',
        reason: 'initialized',
        lock: 'tmp-locked',
        lockedUntil: later(60_000),
        lockReason: 'changed-by-admin',
        failures: 1,
      },
    ],
    [
      '5.2 ok/a permanent lock by an administrator has no end',
      'administrator',
      {},
      'fail-locked',
      { state: 'active', lock: 'fail-locked', lockedUntil: null, lockReason: 'changed-by-admin' },
    ],
    [
      '5.2 ok/a change from one lock to another resets the counter',
      'administrator',
      { lock: 'fail-locked', lockReason: 'too-many-login-failures', failures: 3 },
      'tmp-locked',
      { lock: 'tmp-locked', lockedUntil: later(60_000), lockReason: 'changed-by-admin', failures: 0 },
    ],
    [
      '5.3 ok/a temporary lock replaces a permanent one: after it the state is the one under both',
      'administrator',
      { state: 'initial', lock: 'fail-locked', lockReason: 'changed-by-admin' },
      'tmp-locked',
      { state: 'initial', lock: 'tmp-locked', lockedUntil: later(60_000) },
    ],
    [
      '5.1 ok/a new lock replaces the lock that the policy had replaced',
      'administrator',
      { state: 'disabled', stateSetBy: 'policyOverLock', lock: 'tmp-locked', lockedUntil: later(1) },
      'fail-locked',
      { state: 'disabled', stateSetBy: 'policy', lock: 'fail-locked', lockedUntil: null },
    ],
    [
      '5.1 ok/a state by an administrator removes the lock that the policy had replaced',
      'administrator',
      { state: 'disabled', stateSetBy: 'policyOverLock', lock: 'fail-locked', failures: 3 },
      'active',
      { state: 'active', stateSetBy: 'administrator', lock: null, failures: 0 },
    ],
  ])('%s', (_title, mode, columns, to, expected) => {
    const credential = credentialOf(columns);
    expect(stateAfterManualChange({ mode, credential, to, locking, replacing: false, now: NOW })).toMatchObject(
      expected,
    );
  });

  it.each([
    ['300000', 300_000],
    ['-1', 60_000],
  ])(
    '5.2 ok/a temporary lock by an administrator with tmpLockingDuration %s lasts %i ms',
    (tmpLockingDuration, milliseconds) => {
      const input = { mode: 'administrator', credential: credentialOf(), to: 'tmp-locked', replacing: false } as const;
      const changed = stateAfterManualChange({ ...input, locking: policyOf({ tmpLockingDuration }).locking, now: NOW });
      expect(changed.lockedUntil).toEqual(later(milliseconds));
    },
  );

  it('5.4 ok/with a certificate in the same request the reason is the upload', () => {
    const input = { mode: 'administrator', locking, replacing: true, now: NOW } as const;
    expect(stateAfterManualChange({ ...input, credential: credentialOf(), to: 'initial' }).reason).toBe(
      'cert-uploaded',
    );
    expect(stateAfterManualChange({ ...input, credential: credentialOf(), to: 'fail-locked' }).lockReason).toBe(
      'cert-uploaded',
    );
  });

  it('5.4 ok/with a certificate in the same request, a state that stays has another setter, not another reason', () => {
    const credential = credentialOf({ state: 'disabled', stateSetBy: 'owner', reason: 'changed-by-user' });
    const input = { mode: 'administrator', locking, replacing: true, now: NOW } as const;
    expect(stateAfterManualChange({ ...input, credential, to: 'disabled' })).toMatchObject({
      stateSetBy: 'administrator',
      reason: 'changed-by-admin',
    });
  });
});
