import { expect, it } from 'vitest';

import { credentialOf, NOW } from '../../test/support/rule-fixtures.js';
import { refusalOfAdministered, refusalOfDeletion } from './state-refusals.rules.js';

it('5.1 fail/a self-admin may not delete what would come free', () => {
  expect(refusalOfDeletion('selfAdmin', credentialOf({ lock: 'fail-locked' }), NOW)).toEqual([
    {
      code: 'errors.stateTransitionDenied',
      message: 'The credential may not be deleted while it is fail-locked.',
    },
  ]);
});

it('5.1 ok/an administrator may, and a self-admin what is his', () => {
  expect(refusalOfDeletion('administrator', credentialOf({ lock: 'fail-locked' }), NOW)).toEqual([]);
  expect(refusalOfDeletion('selfAdmin', credentialOf(), NOW)).toEqual([]);
});

const DENIED = 'errors.permissionDenied';

it.each<[string, Parameters<typeof refusalOfAdministered>[1], string]>([
  ['another policy', { policyIsDefault: false, properties: null }, "a policy other than the client's default"],
  ['no policy that was found', { policyIsDefault: null, properties: {} }, "a policy other than the client's default"],
  ['properties', { policyIsDefault: true, properties: { floor: '4' } }, 'properties'],
  [
    'both',
    { policyIsDefault: false, properties: { floor: '4' } },
    "a policy other than the client's default and properties",
  ],
])('4.6 fail/a self-admin does not leave %s by deleting', (_title, administered, given) => {
  const message = `The credential has ${given}; only an administrator may delete it.`;
  expect(refusalOfAdministered('selfAdmin', administered)).toEqual([{ code: DENIED, message }]);
  expect(refusalOfAdministered('administrator', administered)).toEqual([]);
});

it.each([null, {}])('4.6 ok/a self-admin deletes what stands under the default, properties %j', (properties) => {
  expect(refusalOfAdministered('selfAdmin', { policyIsDefault: true, properties })).toEqual([]);
});
