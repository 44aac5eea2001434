import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { Database } from '../../src/database/database.js';
import { afterRead } from '../support/after-read.js';
import { Fixture } from '../support/fixture.js';
import { codesOf, CORE, send } from '../support/http.js';

/** An extId may be used again, and its versions begin with 1 again: a request may have read the former resource. */
let fixture: Fixture;
let count = 0;
let user: string;
let credential: string;
let policy: string;

beforeAll(async () => {
  fixture = await Fixture.start();
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => {
  count += 1;
  [user, credential, policy] = [`user-${count}`, `credential-${count}`, `policy-${count}`];
  await createUser();
  await createPolicy();
  await createCredential();
});

afterEach(() => vi.restoreAllMocks());

const request = async (method: string, path: string, body?: object) => {
  const headers = method === 'DELETE' ? { 'If-Match': '*' } : {};
  return await send(fixture.app, method, `${CORE}/100/${path}`, { token: fixture.token, headers, body });
};

async function done(method: string, path: string, body?: object): Promise<void> {
  expect((await request(method, path, body)).status).toBeLessThan(300);
}

const createUser = async () => await done('POST', 'users', { extId: user });
const createPolicy = async () =>
  await done('POST', 'policies', { extId: policy, policyType: 'CertificatePolicy', name: policy });
const createCredential = async () => {
  await fixture.register(credential, { certificate: await fixture.pem(randomUUID()) }, user);
};

async function useAgain(path: string, create: () => Promise<unknown>): Promise<void> {
  await done('DELETE', path);
  await create();
}

const after = (read: string, work: () => Promise<unknown>): void => afterRead(fixture.app.get(Database), read, work);

/** The events of the present resource, which a version or a deletion of another one is none of. */
async function eventsOf(table: string, extId: string): Promise<unknown> {
  return await fixture.app.dataSource.query(
    `select e.action, e.version from audit_events e join ${table} r
      on r.client_ext_id = e.client_ext_id and r.ext_id = e.ext_id and r.generation = e.generation
      where e.ext_id = $1 order by e.at, e.version`,
    [extId],
  );
}

const CREATED_AND_CHANGED = [
  { action: 'created', version: 1 },
  { action: 'changed', version: 2 },
];

test('3.2, 10.1 a change is made of the resource that exists, and its version is in the history of that one', async () => {
  const own = `users/${user}/certificates/${credential}`;
  const ofCredential = async () => await useAgain(own, createCredential);
  const changes = [
    [own, 'read_certificate_to_change', { modificationComment: 'x' }, 'credentials', credential, ofCredential],
    [
      `users/${user}`,
      'read_user',
      { remarks: 'x' },
      'users',
      user,
      async () => await useAgain(`users/${user}`, createUser),
    ],
    [
      `policies/${policy}`,
      'read_policy',
      { description: 'x' },
      'policies',
      policy,
      async () => await useAgain(`policies/${policy}`, createPolicy),
    ],
  ] as const;
  for (const [path, read, body, table, extId, work] of changes) {
    after(read, work);
    expect([path, (await request('PATCH', path, body)).status]).toEqual([path, 200]);
    expect([path, await eventsOf(table, extId)]).toEqual([path, CREATED_AND_CHANGED]);
    vi.restoreAllMocks();
  }
});

test('3.4 a certificate is not evaluated by the policy of the credential that had the extId before', async () => {
  const path = `users/${user}/certificates/${credential}`;
  const tooLong = { certificate: await fixture.pem('too long', { notAfter: '2030-01-01T00:00:00Z' }) };
  after('read_certificate_to_change', async () => {
    await useAgain(path, async () => {
      await fixture.register(credential, { certificate: await fixture.pem('another'), policyExtId: 'strict' }, user);
    });
  });
  const answer = await request('PATCH', path, tooLong);
  expect([answer.status, codesOf(answer)[0]]).toEqual([422, 'errors.certificatePolicyViolated']);
  expect((await request('GET', path)).body).toMatchObject({ version: 1, subjectDN: 'CN=another' });
});

test('4.4 what was decided about a user is not stored for the next one with the extId', async () => {
  const certificate = await fixture.pem('of the former user');
  after('read_owner_and_policy', async () => {
    await useAgain(`users/${user}`, async () => await fixture.builders.user('100', user, { state: 'archived' }));
  });
  const answer = await request('POST', `users/${user}/certificates`, { certificate });
  expect([answer.status, codesOf(answer)[0]]).toEqual([422, 'errors.recordDeleted']);
});
