import { describe, expect, test } from 'vitest';

import {
  type CurrentPolicy,
  decidePolicyUpdate,
  defaultPolicyRefusal,
  mergePolicy,
  type PolicyPatch,
} from './policy-update.rules.js';

const current: CurrentPolicy = {
  policyType: 'CertificatePolicy',
  name: 'Strict',
  description: 'for staff',
  defaultPolicy: false,
  parameters: { certificateUploadCheck: 'strict', maxValidityDays: '397' },
};

const changes: [string, PolicyPatch, Partial<CurrentPolicy>, string[]][] = [
  ['3.1 a name', { name: 'Stricter' }, { name: 'Stricter' }, ['name']],
  ['3.1 null clears the description', { description: null }, { description: null }, ['description']],
  ['2.11 the default flag', { defaultPolicy: true }, { defaultPolicy: true }, ['defaultPolicy']],
  ['2.10 parameters are replaced whole', { parameters: {} }, { parameters: {} }, ['parameters']],
  [
    '3.1 unchanged members are not among the changes',
    { name: 'Strict', description: 'new', parameters: { maxValidityDays: '397', certificateUploadCheck: 'strict' } },
    { description: 'new' },
    ['description'],
  ],
];

test.each(changes)('%s', (_, patch, next, changed) => {
  const { policyType: _type, ...members } = { ...current, ...next };
  expect(decidePolicyUpdate(current, patch)).toEqual({ kind: 'changed', next: members, changed });
});

test.each<[string, PolicyPatch]>([
  ['nothing', {}],
  [
    'unchanged members',
    { name: 'Strict', description: 'for staff', defaultPolicy: false, parameters: current.parameters },
  ],
])('3.1 a request with %s has no effect', (_, patch) => {
  expect(decidePolicyUpdate(current, patch)).toEqual({ kind: 'unchanged' });
});

const refusals = (policy: CurrentPolicy, patch: PolicyPatch): (string | undefined)[][] => {
  const decision = decidePolicyUpdate(policy, patch);
  return decision.kind === 'refused' ? decision.errors.map(({ code, field }) => [code, field]) : [];
};

test('2.10 a new policy has no name, no description and no parameters, and is no default, unless the request says so', () => {
  expect(mergePolicy({})).toEqual({ name: null, description: null, defaultPolicy: false, parameters: {} });
  const sent = { name: 'Strict', description: 'for staff', defaultPolicy: true, parameters: { keyTypes: 'Ed25519' } };
  expect(mergePolicy(sent)).toEqual(sent);
});

test.each([
  ['a request that names the member', 'defaultPolicy', { field: 'defaultPolicy' }],
  ['a deletion', undefined, {}],
])('2.11 the refusal to leave a type without a default, for %s', (_, field, member) => {
  expect(defaultPolicyRefusal(field)).toStrictEqual({
    code: 'errors.deleteDefaultEntityFailure',
    message: 'This is the default of its type. Make another one the default first.',
    ...member,
  });
});

describe('refused', () => {
  test('2.12 wrong parameters that are stored already do not refuse another change', () => {
    const old = { ...current, parameters: { noLongerKnown: '1' } };
    expect(decidePolicyUpdate(old, { name: 'New' }).kind).toBe('changed');
  });

  test('2.11 the default cannot be unset', () => {
    expect(refusals({ ...current, defaultPolicy: true }, { defaultPolicy: false })).toEqual([
      ['errors.deleteDefaultEntityFailure', 'defaultPolicy'],
    ]);
  });

  test('2.12 unknown and ill-typed parameters are refused together with other errors', () => {
    const patch = { defaultPolicy: false, parameters: { maxValidityDay: '1', autoUpdate: 'maybe' } };
    expect(refusals({ ...current, defaultPolicy: true }, patch)).toEqual([
      ['errors.invalidData', 'parameters.maxValidityDay'],
      ['errors.invalidData', 'parameters.autoUpdate'],
      ['errors.deleteDefaultEntityFailure', 'defaultPolicy'],
    ]);
  });

  test('2.12 a PwdPolicy is validated for parameters with an effect only', () => {
    const password = { ...current, policyType: 'PwdPolicy', parameters: {} };
    expect(refusals(password, { parameters: { minLength: 'ten', maxLength: 'x' } })).toEqual([
      ['errors.invalidData', 'parameters.minLength'],
    ]);
  });

  test('2.10 a policy type without effect accepts any parameters', () => {
    const other = { ...current, policyType: 'TANPolicy', parameters: {} };
    expect(decidePolicyUpdate(other, { parameters: { anything: 'goes' } }).kind).toBe('changed');
  });
});
