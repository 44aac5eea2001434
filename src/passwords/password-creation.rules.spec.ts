import { expect, it } from 'vitest';

import { later, NOW } from '../../test/support/rule-fixtures.js';
import type { StateName } from '../credentials/credential-state.rules.js';
import { readPasswordPolicy } from '../policies/password-policy.rules.js';
import { checkNewPassword, initialPasswordColumns } from './password-creation.rules.js';

const { policy } = readPasswordPolicy({ credentialLifetime: '1000', allowLoginIdInPassword: 'false' });
if (policy === undefined) throw new Error('The policy is refused.');

const GOOD = 'correct horse battery staple';

it.each([
  ['ok/a password that the policy allows', 'active', false, GOOD, []],
  ['ok/for a disabled user', 'disabled', false, GOOD, []],
  ['fail/a second password', 'active', true, GOOD, ['errors.passwordExists']],
  ['fail/a violation', 'active', false, 'short', ['errors.pwdPolicyViolated']],
  [
    'fail/a second password, together with every violation',
    'active',
    true,
    'jdoe',
    ['errors.passwordExists', 'errors.pwdPolicyViolated', 'errors.pwdPolicyViolated'],
  ],
  ['fail/for an archived user, and no other error is reported', 'archived', true, 'short', ['errors.recordDeleted']],
] as const)('2.13 %s', (_title, state, taken, password, codes) => {
  const errors = checkNewPassword({ owner: { state, loginId: 'jdoe' }, taken, policy, password });
  expect(errors.map(({ code }) => code)).toEqual(codes);
});

it('2.13 fail/the refusal of a second password says so', () => {
  const owner = { state: 'active', loginId: 'jdoe' } as const;
  expect(checkNewPassword({ owner, taken: true, policy, password: GOOD })).toEqual([
    { code: 'errors.passwordExists', message: 'The user already has a password.' },
  ]);
});

it.each<[StateName, object]>([
  ['active', { state: 'active', lock: null }],
  ['reset-code', { state: 'reset-code', lock: null }],
  ['fail-locked', { state: 'active', lock: 'fail-locked', lockReason: 'initialized' }],
])('2.13 a password that an administrator creates as %s', (stateName, columns) => {
  expect(initialPasswordColumns(policy, stateName, NOW)).toMatchObject({
    ...columns,
    stateSetBy: 'administrator',
    reason: 'initialized',
    comment: null,
    validFrom: NOW,
    validTo: later(1000),
  });
});
