import { describe, expect, it } from 'vitest';

import { credentialOf, later, NOW } from '../../test/support/rule-fixtures.js';
import { readPasswordPolicy } from '../policies/password-policy.rules.js';
import { decidePasswordUpdate, type PasswordUpdate } from './password-update.rules.js';
import { passwordViolations } from './password.rules.js';

const PASSWORD = 'correct horse battery staple';

function policyOf(parameters: Readonly<Record<string, string>> = {}) {
  const { policy, errors } = readPasswordPolicy(parameters);
  if (policy === undefined) throw new Error(errors[0]?.message);
  return policy;
}

const update = (patch: PasswordUpdate['patch'], credential = {}, more: Partial<PasswordUpdate> = {}) =>
  decidePasswordUpdate({
    mode: 'administrator',
    owner: { state: 'active', loginId: 'jdoe' },
    policy: policyOf({ credentialLifetime: '1000' }),
    credential: credentialOf(credential),
    patch,
    now: NOW,
    ...more,
  });

describe('decidePasswordUpdate', () => {
  it('2.13 ok/a new password resets the validity and the failure count, and nothing else', () => {
    const credential = {
      failures: 2,
      failuresSinceLock: 1,
      successes: 7,
      reason: 'activated',
      comment: 'kept',
    } as const;
    expect(update({ password: PASSWORD }, credential)).toEqual({
      kind: 'changed',
      next: {
        ...credentialOf({ ...credential, failures: 0, failuresSinceLock: 0 }),
        validFrom: NOW,
        validTo: later(1000),
      },
      resetsFailures: true,
      changed: ['password', 'validity'],
    });
  });

  it.each<[string, object]>([
    ['a lock', { lock: 'fail-locked', lockReason: 'too-many-login-failures' }],
    ['a temporary lock', { lock: 'tmp-locked', lockedUntil: later(1) }],
    ['a state disabled by an administrator', { state: 'disabled' }],
  ])('5.1 a new password does not end %s, and is refused for the user', (_title, credential) => {
    const decision = update({ password: PASSWORD }, credential);
    expect(decision.kind === 'changed' && decision.next).toMatchObject(credential);
    expect(update({ password: PASSWORD }, credential, { mode: 'selfAdmin' })).toMatchObject({
      kind: 'refused',
      errors: [{ code: 'errors.stateTransitionDenied', field: 'password' }],
    });
  });

  it('5.2 an unlock resets the count, with a new password or without', () => {
    const locked = { lock: 'fail-locked', failures: 3 } as const;
    for (const patch of [{ stateName: 'active' } as const, { stateName: 'active', password: PASSWORD } as const]) {
      expect(update(patch, locked)).toMatchObject({
        kind: 'changed',
        resetsFailures: true,
        next: { lock: null, failures: 0, reason: 'unlock', stateSetBy: 'administrator' },
      });
    }
  });

  it.each<[string, PasswordUpdate['patch'], object]>([
    ['another state', { stateName: 'disabled' }, { failures: 2 }],
    ['a lock by hand', { stateName: 'fail-locked' }, { failures: 2 }],
    ['a comment on a locked password', { modificationComment: 'x' }, { lock: 'fail-locked', failures: 2 }],
  ])('5.2 %s leaves the count of failures', (_title, patch, credential) => {
    expect(update(patch, credential)).toMatchObject({ kind: 'changed', resetsFailures: false, next: { failures: 2 } });
  });

  it('5.1 a user may comment on a password that is locked', () => {
    const decision = update({ modificationComment: 'x' }, { lock: 'fail-locked' }, { mode: 'selfAdmin' });
    expect(decision).toMatchObject({ kind: 'changed', next: { lock: 'fail-locked', comment: 'x' } });
  });

  it('5.3 a change after the end of a lock removes the lock', () => {
    const ended = { lock: 'tmp-locked', lockedUntil: NOW, failures: 2 } as const;
    expect(update({ modificationComment: 'x' }, ended)).toMatchObject({
      kind: 'changed',
      resetsFailures: false,
      changed: ['modificationComment'],
      next: { lock: null, failures: 2 },
    });
  });

  it.each<[string, PasswordUpdate['patch'], object]>([
    ['nothing', {}, {}],
    ['the current state', { stateName: 'active' }, {}],
    ['the current lock', { stateName: 'fail-locked' }, { lock: 'fail-locked' }],
    ['no comment where there is none', { modificationComment: null }, {}],
  ])('3.1 ok/%s has no effect', (_title, patch, credential) => {
    expect(update(patch, credential)).toEqual({ kind: 'unchanged' });
  });

  it('3.9 fail/an archived password cannot be changed, and no other error is reported', () => {
    const owner = { state: 'archived', loginId: 'jdoe' } as const;
    for (const decision of [
      update({ password: 'short' }, { state: 'archived' }),
      update({ password: 'short' }, {}, { owner }),
    ]) {
      expect(decision).toMatchObject({ kind: 'refused', errors: [{ code: 'errors.recordDeleted' }] });
    }
  });

  it('7.1 fail/a denied transition and every violation are reported together', () => {
    const decision = update(
      { password: 'jdoe', stateName: 'fail-locked' },
      {},
      {
        mode: 'selfAdmin',
        policy: policyOf({ allowLoginIdInPassword: 'false' }),
      },
    );
    expect(decision.kind === 'refused' && decision.errors.map(({ code, rule }) => rule ?? code)).toEqual([
      'errors.stateTransitionDenied',
      'minLength',
      'allowLoginIdInPassword',
    ]);
  });
});

const rulesOf = (password: string, loginId: string, parameters: Readonly<Record<string, string>>) =>
  passwordViolations(policyOf(parameters), password, loginId).map(({ rule }) => rule);

describe('passwordViolations', () => {
  it.each([
    ['of the minimum length', 'abcdefghijkl', 'jdoe', {}],
    ['of the minimum length in characters of two code units', '\u{1f468}'.repeat(12), 'jdoe', {}],
    ['with the loginId, which is allowed by default', 'jdoe and so on', 'jdoe', {}],
    ['with a part of the loginId', 'jdo and so on', 'jdoe', { allowLoginIdInPassword: 'false' }],
  ])('2.12 ok/%s', (_title, password, loginId, parameters) => {
    expect(rulesOf(password, loginId, parameters)).toEqual([]);
  });

  it.each([
    ['too short', 'abcdefghijk', 'jdoe', {}, ['minLength']],
    ['too short in characters of two code units', '\u{1f468}'.repeat(11), 'jdoe', {}, ['minLength']],
    ['with the loginId', 'me, JDoe, myself', 'jdoe', { allowLoginIdInPassword: 'false' }, ['allowLoginIdInPassword']],
    [
      'with the case-folded loginId',
      'die GROSSE Stadt',
      'groß',
      { allowLoginIdInPassword: 'false' },
      ['allowLoginIdInPassword'],
    ],
  ])('2.12 fail/%s', (_title, password, loginId, parameters, rules) => {
    expect(rulesOf(password, loginId, parameters)).toEqual(rules);
  });

  it('2.12 fail/the error has the rule, what it expects, what was found and the remedy, but not the password', () => {
    const policy = policyOf({ minLength: '2', allowLoginIdInPassword: 'false' });
    expect(passwordViolations(policy, 'j', 'j')).toEqual([
      {
        code: 'errors.pwdPolicyViolated',
        message:
          'The policy does not allow this password: minLength: expected at least 2 characters, found 1 character.',
        field: 'password',
        rule: 'minLength',
        parameter: 'minLength',
        expected: 'at least 2 characters',
        found: '1 character',
        remedy: 'Choose a password of at least 2 characters.',
      },
      {
        code: 'errors.pwdPolicyViolated',
        message:
          'The policy does not allow this password: allowLoginIdInPassword: expected a password that does not contain the loginId, found the loginId.',
        field: 'password',
        rule: 'allowLoginIdInPassword',
        parameter: 'allowLoginIdInPassword',
        expected: 'a password that does not contain the loginId',
        found: 'the loginId',
        remedy: 'Choose a password that does not contain the loginId, in upper or lower case.',
      },
    ]);
  });
});
