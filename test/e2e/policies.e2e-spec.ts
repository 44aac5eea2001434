import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { CORE, codesOf } from '../support/http.js';
import { CERTIFICATE_POLICY, itemsOf, PolicyFixture } from '../support/policy-fixture.js';

let fixture: PolicyFixture;

beforeAll(async () => {
  fixture = await PolicyFixture.start();
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => await fixture.nextClient());

test('1.2, 2.10 a policy is created, read, changed and deleted, each with its audit event', async () => {
  const created = await fixture.create({
    ...CERTIFICATE_POLICY,
    parameters: { maxValidityDays: '397' },
    description: 'd',
  });
  expect(created.status).toBe(201);
  expect(created.headers.get('location')).toBe(`${CORE}/${fixture.client}/policies/p-1`);
  expect(created.headers.get('etag')).toBe('"1"');
  expect(created.body).toEqual({
    created: '2026-06-01T12:00:00Z',
    lastModified: '2026-06-01T12:00:00Z',
    version: 1,
    extId: 'p-1',
    clientExtId: fixture.client,
    policyType: 'CertificatePolicy',
    name: 'Strict',
    description: 'd',
    defaultPolicy: false,
    parameters: { maxValidityDays: '397' },
  });

  const patched = await fixture.patch('p-1', { parameters: { keyTypes: 'Ed25519' }, description: null, version: 1 });
  expect(patched.body).toMatchObject({ version: 2, parameters: { keyTypes: 'Ed25519' }, name: 'Strict' });
  expect(patched.body).not.toHaveProperty('description');
  expect((await fixture.read('p-1')).body).toEqual(patched.body);

  expect((await fixture.delete('p-1')).status).toBe(204);
  expect([(await fixture.read('p-1')).status, codesOf(await fixture.read('p-1'))]).toEqual([404, ['errors.noRecord']]);
  expect(await fixture.eventsOf('p-1')).toEqual([
    {
      action: 'created',
      version: 1,
      changes: {
        policyType: { to: 'CertificatePolicy' },
        name: { to: 'Strict' },
        description: { to: 'd' },
        defaultPolicy: { to: false },
        parameters: { to: { maxValidityDays: '397' } },
      },
    },
    {
      action: 'changed',
      version: 2,
      changes: {
        description: { from: 'd' },
        parameters: { from: { maxValidityDays: '397' }, to: { keyTypes: 'Ed25519' } },
      },
    },
    { action: 'deleted', version: null, changes: null },
  ]);
});

test('2.10 a name is unique in its client, and a change to a taken one is refused', async () => {
  await fixture.create(CERTIFICATE_POLICY);
  await fixture.create({ ...CERTIFICATE_POLICY, extId: 'p-2', name: 'Second' });
  expect(codesOf(await fixture.patch('p-2', { name: 'Strict' }))).toEqual(['errors.duplicateName']);
  const other = `${fixture.client}-other`;
  await fixture.builders.client(other);
  expect((await fixture.request('POST', `/${other}/policies`, { body: CERTIFICATE_POLICY })).status).toBe(201);
});

test.each<[string, object, string]>([
  ['name', { policyType: 'TANPolicy', name: 'Same' }, 'errors.duplicateName'],
  ['extId', { policyType: 'TANPolicy', extId: 'same' }, 'errors.duplicateValue'],
  ['name, as the default', { policyType: 'TANPolicy', name: 'Same', defaultPolicy: true }, 'errors.duplicateName'],
])('3.8 of 50 creations with one %s at once exactly one succeeds', async (_, body, code) => {
  const answers = await Promise.all(Array.from({ length: 50 }, async () => await fixture.create(body)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  const lost = answers.filter(({ status }) => status === 422);
  expect(lost).toHaveLength(49);
  expect(new Set(lost.flatMap(codesOf))).toEqual(new Set([code]));
});

test('3.2, 3.5 a stale version is 409, a stale If-Match 412, and nothing is changed', async () => {
  await fixture.create(CERTIFICATE_POLICY);
  await fixture.patch('p-1', { description: 'second' });
  const stale = await fixture.patch('p-1', { version: 1 });
  expect(stale.status).toBe(409);
  expect(stale.body.errors[0]).toMatchObject({ currentVersion: 2, changedBy: 'admin-1' });
  for (const method of ['PATCH', 'DELETE']) {
    const answer = await fixture.request(method, `/${fixture.client}/policies/p-1`, {
      headers: { 'If-Match': '"1"' },
      ...(method === 'PATCH' ? { body: { description: 'third' } } : {}),
    });
    expect([method, answer.status]).toEqual([method, 412]);
  }
  expect((await fixture.read('p-1')).body).toMatchObject({ version: 2, description: 'second' });
});

test('3.4 of 50 changes with one version at once exactly one succeeds; without a version all are applied', async () => {
  await fixture.create(CERTIFICATE_POLICY);
  const versioned = await Promise.all(
    Array.from({ length: 50 }, (_, index) => fixture.patch('p-1', { description: `d${index}`, version: 1 })),
  );
  expect(versioned.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(versioned.filter(({ status }) => status === 409)).toHaveLength(49);
  const free = await Promise.all(
    Array.from({ length: 30 }, (_, index) => fixture.patch('p-1', { description: `e${index}` })),
  );
  expect(new Set(free.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await fixture.read('p-1')).body.version).toBe(32);
});

describe('C7', () => {
  test('8.1, 8.2 C7 lists every policy of the client once, page by page', async () => {
    for (let index = 0; index < 5; index += 1) await fixture.create({ policyType: 'TANPolicy', extId: `p-${index}` });
    const seen: string[] = [];
    let continuation = '';
    for (let page = 0; page < 3; page += 1) {
      const answer = await fixture.request(
        'GET',
        `/clients/${fixture.client}/policies?limit=2&returnTotalResultCount=true${continuation}`,
      );
      expect(answer.body).toMatchObject({ _pagination: { limit: 2, totalResult: 5 }, _classifications: {} });
      seen.push(...itemsOf(answer).map(({ extId }) => extId));
      const { continuationToken = '' } = answer.body['_pagination'] as { continuationToken?: string };
      continuation = `&continuationToken=${encodeURIComponent(continuationToken)}`;
    }
    expect(continuation).toBe('&continuationToken=');
    expect(seen).toEqual(['p-0', 'p-1', 'p-2', 'p-3', 'p-4']);
  });

  test('8.1 C7 is an empty list for a client without policies, and 404 for an unknown client', async () => {
    expect((await fixture.request('GET', `/clients/${fixture.client}/policies`)).body.items).toEqual([]);
    expect((await fixture.request('GET', '/clients/nobody/policies')).status).toBe(404);
    expect((await fixture.create(CERTIFICATE_POLICY)).status).toBe(201);
    expect((await fixture.request('POST', '/nobody/policies', { body: CERTIFICATE_POLICY })).status).toBe(404);
  });
});

test('2.2 ids that are words of other routes work as ids', async () => {
  await fixture.builders.client('policies');
  await fixture.request('POST', '/policies/policies', { body: { ...CERTIFICATE_POLICY, extId: 'policies' } });
  expect((await fixture.request('GET', '/policies/policies/policies')).body).toMatchObject({ clientExtId: 'policies' });
  const list = await fixture.request('GET', '/clients/policies/policies');
  expect(itemsOf(list).map(({ extId }) => extId)).toEqual(['policies']);
  for (const word of ['clients', 'system']) {
    const answer = await fixture.request('GET', `/${word}/policies/p-1`);
    expect([word, answer.status, codesOf(answer)]).toEqual([word, 404, ['errors.noRecord']]);
  }
});
