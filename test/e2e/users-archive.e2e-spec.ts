import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { CORE, codesOf, send } from '../support/http.js';
import { issueCertificate } from '../support/pki.js';

let app: TestApp;
let token: string;
let user: string;
let path: string;

beforeAll(async () => {
  app = await startApp();
  const builders = new Builders(app.dataSource);
  await builders.client('100');
  await builders.policy('100', 'default');
  token = await app.token();
});

afterAll(async () => await app.close());

beforeEach(async () => {
  user = randomUUID();
  path = `${CORE}/100/users/${user}`;
  await send(app, 'POST', `${CORE}/100/users`, { token, body: { extId: user } });
  for (const number of [1, 2]) expect((await register(`${number}-${user}`)).status).toBe(201);
});

async function register(extId: string) {
  const certificate = (await issueCertificate({ subject: `CN=${extId}` })).pem;
  return await send(app, 'POST', `${path}/certificates`, { token, body: { extId, certificate } });
}

const archive = async () => await send(app, 'POST', `${path}/archive`, { token });

async function auditEvents(): Promise<unknown[]> {
  return await app.dataSource.query(
    `select kind, action, version, changes, actor from audit_events
      where client_ext_id = '100' and user_ext_id = $1 and action <> 'created' order by kind, ext_id, at`,
    [user],
  );
}

async function credentials(): Promise<number> {
  const rows: unknown[] = await app.dataSource.query('select 1 from credentials where user_ext_id = $1', [user]);
  return rows.length;
}

const REMOVED = { kind: 'certificate', action: 'deleted', version: null, changes: null, actor: 'admin-1' };
const ARCHIVED = {
  kind: 'user',
  action: 'archived',
  version: 2,
  changes: { userState: { from: 'active', to: 'archived' } },
  actor: 'admin-1',
};

test('2.6, 10.1 U5 archives the user and deletes their credentials, each with an audit event', async () => {
  const answer = await archive();
  expect([answer.status, answer.body, answer.headers.get('etag')]).toMatchObject([
    200,
    { extId: user, userState: 'archived', version: 2 },
    '"2"',
  ]);
  expect(await credentials()).toBe(0);
  expect(await auditEvents()).toEqual([REMOVED, REMOVED, ARCHIVED]);
});

test('2.5 U3 can archive as U5 does, together with other changes', async () => {
  const body = { userState: 'archived', remarks: 'left', modificationComment: 'as agreed', version: 1 };
  const answer = await send(app, 'PATCH', path, { token, body });
  expect(answer.body).toMatchObject({ userState: 'archived', remarks: 'left', version: 2 });
  expect(await credentials()).toBe(0);
  const changes = { ...ARCHIVED.changes, remarks: { to: 'left' }, modificationComment: { to: 'as agreed' } };
  expect(await auditEvents()).toEqual([REMOVED, REMOVED, { ...ARCHIVED, changes }]);
});

test('2.6, 3.9 an archived user cannot be changed or get credentials, and archiving again changes nothing', async () => {
  const archived = await archive();
  expect((await archive()).body).toEqual(archived.body);
  expect((await send(app, 'PATCH', path, { token, body: { userState: 'archived' } })).body).toEqual(archived.body);
  for (const body of [{ userState: 'active' }, { remarks: 'x' }]) {
    const refused = await send(app, 'PATCH', path, { token, body });
    expect([refused.status, codesOf(refused)]).toEqual([422, ['errors.recordDeleted']]);
  }
  expect(codesOf(await register(`3-${user}`))).toEqual(['errors.recordDeleted']);
  expect((await send(app, 'GET', path, { token })).body).toEqual(archived.body);
  expect(await auditEvents()).toHaveLength(3);
});

test('10.1 U4 can delete an archived user, and a new user can have the same extId and loginId', async () => {
  await archive();
  expect((await send(app, 'DELETE', path, { token })).status).toBe(204);
  const again = await send(app, 'POST', `${CORE}/100/users`, { token, body: { extId: user, loginId: 'reborn' } });
  expect([again.status, again.body]).toMatchObject([201, { version: 1 }]);
  const generations: unknown[] = await app.dataSource.query(
    `select distinct generation from audit_events where kind = 'user' and ext_id = $1`,
    [user],
  );
  expect(generations).toHaveLength(2);
});

test('10.1 U4 deletes a user with their credentials', async () => {
  expect((await send(app, 'DELETE', path, { token })).status).toBe(204);
  expect(await credentials()).toBe(0);
  expect(await auditEvents()).toEqual([REMOVED, REMOVED, { ...REMOVED, kind: 'user' }]);
  for (const [method, at] of [
    ['GET', path],
    ['DELETE', path],
    ['GET', `${path}/certificates`],
    ['GET', `${path}/certificates/1-${user}`],
  ] as const) {
    expect((await send(app, method, at, { token })).status).toBe(404);
  }
});

test('U4, U5 of two requests at once one has an effect, and the other has none', async () => {
  const archivings = await Promise.all([archive(), archive(), archive()]);
  expect(archivings.map(({ status, body }) => [status, (body as { version: number }).version])).toEqual(
    archivings.map(() => [200, 2]),
  );
  const deletions = await Promise.all([1, 2].map(async () => await send(app, 'DELETE', path, { token })));
  expect(new Set(deletions.map(({ status }) => status))).toEqual(new Set([204, 404]));
});

test.each(['archive', 'delete'])('10.1 %s also covers certificates that are created at the same time', async (way) => {
  const pems = await Promise.all(
    Array.from({ length: 12 }, async (_, index) => (await issueCertificate({ subject: `CN=${user} ${index}` })).pem),
  );
  const [end, ...creations] = await Promise.all([
    way === 'archive' ? archive() : send(app, 'DELETE', path, { token }),
    ...pems.map(
      async (certificate) => await send(app, 'POST', `${path}/certificates`, { token, body: { certificate } }),
    ),
  ]);
  expect([200, 204]).toContain(end?.status);
  for (const { status } of creations) expect([201, 404, 422]).toContain(status);
  expect(await credentials()).toBe(0);
  const [balance] = (await app.dataSource.query(
    `select count(*) filter (where action = 'created')::integer as created,
        count(*) filter (where action = 'deleted')::integer as deleted
      from audit_events where kind = 'certificate' and user_ext_id = $1`,
    [user],
  )) as [{ created: number; deleted: number }];
  expect(balance.deleted).toBe(balance.created);
});
