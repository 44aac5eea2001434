import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { POLICY_TYPES } from '../../src/policies/policy-types.rules.js';
import { CERTIFICATE_POLICY, PolicyFixture } from '../support/policy-fixture.js';

let fixture: PolicyFixture;

beforeAll(async () => {
  fixture = await PolicyFixture.start();
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => await fixture.nextClient());

test('2.10 every documented policy type can be stored; parameters without effect keep their values', async () => {
  expect(POLICY_TYPES).toHaveLength(20);
  for (const policyType of POLICY_TYPES) {
    const answer = await fixture.create({ policyType });
    expect([policyType, answer.status, answer.body.parameters]).toEqual([policyType, 201, {}]);
    expect(answer.body).not.toHaveProperty('name');
  }
  const tan = await fixture.create({ policyType: 'TANPolicy', parameters: { anything: 'goes' } });
  expect(tan.body.parameters).toEqual({ anything: 'goes' });
});

test('2.12 a PwdPolicy lists the parameters that it stores without effect', async () => {
  const created = await fixture.create({ policyType: 'PwdPolicy', parameters: { minLength: '14', maxLength: '40' } });
  expect(created.body).toMatchObject({ parameters: { minLength: '14', maxLength: '40' }, notEnforced: ['maxLength'] });
});

test.each<[string, object, string[]]>([
  ['3.7 an unknown type', { policyType: 'X509Policy' }, ['policyType']],
  [
    '3.7 unknown members and members that only the server sets',
    { ...CERTIFICATE_POLICY, version: 1, notEnforced: [] },
    ['version', 'notEnforced'],
  ],
  [
    '3.7 parameters called like members of a prototype',
    { policyType: 'TANPolicy', parameters: JSON.parse('{"__proto__":"x"}') as object },
    ['parameters'],
  ],
  [
    '2.10 a parameter that is not a string',
    { ...CERTIFICATE_POLICY, parameters: { maxValidityDays: 397 } },
    ['parameters'],
  ],
  [
    '2.12 every unknown and ill-typed parameter',
    { ...CERTIFICATE_POLICY, parameters: { maxValidityDay: '1', keyTypes: 'RSA:1' } },
    ['parameters.maxValidityDay', 'parameters.keyTypes'],
  ],
  [
    '13.1 revocationCheck without trustAnchors',
    { ...CERTIFICATE_POLICY, parameters: { revocationCheck: 'hard' } },
    ['parameters.revocationCheck'],
  ],
])('%s is 422', async (_, body, fields) => {
  const answer = await fixture.create(body);
  expect(answer.status).toBe(422);
  expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
});

test('2.12 the error on an unknown parameter suggests the nearest known name', async () => {
  const answer = await fixture.create({ ...CERTIFICATE_POLICY, parameters: { maxValidityDay: '1' } });
  expect(answer.body.errors[0].message).toContain('maxValidityDays');
});
