import { expect, it } from 'vitest';

import { credentialOf, NOW } from '../../test/support/rule-fixtures.js';
import { checkDeletion, checkInitialState, checkMaxCount } from './state-refusals.rules.js';

it('5.1 fail/a self-admin may not delete a credential that is taken away', () => {
  expect(checkDeletion('selfAdmin', credentialOf({ lock: 'fail-locked' }), NOW)).toStrictEqual([
    {
      code: 'errors.stateTransitionDenied',
      message: 'The credential may not be deleted while it is fail-locked.',
    },
  ]);
});

it('5.1 ok/an administrator may delete it, and a self-admin their own active credentials', () => {
  expect(checkDeletion('administrator', credentialOf({ lock: 'fail-locked' }), NOW)).toEqual([]);
  expect(checkDeletion('selfAdmin', credentialOf(), NOW)).toEqual([]);
});

it('4.6 fail/the refusal of a first state names it', () => {
  expect(checkInitialState('selfAdmin', 'fail-locked')).toEqual([
    {
      code: 'errors.stateTransitionDenied',
      message: 'A user may not register a credential in the state fail-locked.',
      field: 'stateName',
    },
  ]);
});

it.each([
  [99, 0],
  [100, 1],
  [101, 1],
])('8.1 of at most 100 certificates a user has %i: %i errors for one more', (count, errors) => {
  expect(checkMaxCount('certificates', count, 100)).toHaveLength(errors);
});

it('8.1 fail/the refusal names both numbers and what to do', () => {
  const message = 'A user can have at most 100 certificates, and this user has 101. Delete one that is no longer used.';
  expect(checkMaxCount('certificates', 101, 100)).toEqual([{ code: 'errors.policyViolation', message }]);
});
