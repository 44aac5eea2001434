import { expect, it } from 'vitest';

import { credentialOf, NOW } from '../../test/support/rule-fixtures.js';
import { checkDeletion } from './state-refusals.rules.js';

it('5.1 fail/a self-admin may not delete a credential that is taken away', () => {
  expect(checkDeletion('selfAdmin', credentialOf({ lock: 'fail-locked' }), NOW)).toEqual([
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
