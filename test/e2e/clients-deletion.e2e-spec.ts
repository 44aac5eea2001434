import { afterAll, beforeAll, expect, test } from 'vitest';

import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { CORE, codesOf, send } from '../support/http.js';
import { issueCertificate } from '../support/pki.js';

let app: TestApp;
let token: string;

const CLIENTS = `${CORE}/clients`;

beforeAll(async () => {
  app = await startApp();
  token = await app.token({ data_room: { clients: ['*'] } });
});

afterAll(async () => await app.close());

async function fullClient(extId: string): Promise<void> {
  await send(app, 'POST', CLIENTS, { token, body: { extId, name: extId } });
  const builders = new Builders(app.dataSource);
  await builders.user(extId, 'jane');
  await builders.user(extId, 'john');
  for (const user of ['jane', 'john']) {
    const body = { extId: `cert-${user}`, certificate: (await issueCertificate({ subject: `CN=${user}` })).pem };
    expect((await send(app, 'POST', `${CORE}/${extId}/users/${user}/certificates`, { token, body })).status).toBe(201);
  }
  const set = { extId: 'set-1', name: 'set-1', anchors: (await issueCertificate({ subject: 'CN=CA' })).pem };
  expect((await send(app, 'POST', `${CORE}/${extId}/trust-anchor-sets`, { token, body: set })).status).toBe(201);
  const policy = { policyType: 'CertificatePolicy', extId: 'chained', parameters: { trustAnchors: 'set-1' } };
  expect((await send(app, 'POST', `${CORE}/${extId}/policies`, { token, body: policy })).status).toBe(201);
}

async function count(table: string, clientExtId: string): Promise<number> {
  const [row] = (await app.dataSource.query(
    `select count(*)::integer as count from ${table} where client_ext_id = $1`,
    [clientExtId],
  )) as [{ count: number }];
  return row.count;
}

async function deletionsOf(clientExtId: string): Promise<{ kind: string; changes: unknown }[]> {
  return await app.dataSource.query(
    `select kind, ext_id, actor, changes from audit_events where client_ext_id = $1 and action = 'deleted' order by id`,
    [clientExtId],
  );
}

test('10.1 C5 with audit=each: everything in a client is deleted with it, each record with an audit event', async () => {
  await fullClient('leaving');
  await fullClient('staying');
  app.clock.advance(1000);
  expect((await send(app, 'DELETE', `${CLIENTS}/leaving?audit=each`, { token, body: 'ignored' })).status).toBe(204);

  for (const table of ['users', 'policies', 'credentials', 'passwords', 'trust_anchor_sets'])
    expect(await count(table, 'leaving')).toBe(0);
  const removed: unknown[] = await app.dataSource.query(
    `select kind, ext_id, user_ext_id, generation is not null as life, actor, at from audit_events
      where client_ext_id = 'leaving' and action = 'deleted' and kind <> 'policy' order by kind, ext_id`,
  );
  const line = { life: true, actor: 'admin-1', at: app.clock.now() };
  expect(removed).toEqual([
    { ...line, kind: 'certificate', ext_id: 'cert-jane', user_ext_id: 'jane' },
    { ...line, kind: 'certificate', ext_id: 'cert-john', user_ext_id: 'john' },
    { ...line, kind: 'client', ext_id: 'leaving', user_ext_id: null },
    { ...line, kind: 'trustAnchorSet', ext_id: 'set-1', user_ext_id: null },
    { ...line, kind: 'user', ext_id: 'jane', user_ext_id: 'jane' },
    { ...line, kind: 'user', ext_id: 'john', user_ext_id: 'john' },
  ]);
  expect(await count('audit_events', 'leaving')).toBe(3 + 2 + 2 + 2 + 2 + 1 + 2 * 2);
  expect([await count('users', 'staying'), await count('credentials', 'staying')]).toEqual([2, 2]);
});

test('C5 everything in a deleted client is 404', async () => {
  await fullClient('emptied');
  await send(app, 'DELETE', `${CLIENTS}/emptied`, { token });
  const certificate = (await issueCertificate({ subject: 'CN=late' })).pem;
  const requests: [string, string, object?][] = [
    ['GET', `${CLIENTS}/emptied`],
    ['PATCH', `${CLIENTS}/emptied`, {}],
    ['DELETE', `${CLIENTS}/emptied`],
    ['GET', `${CORE}/emptied/users/jane/certificates`],
    ['GET', `${CORE}/emptied/users/jane/certificates/cert-jane`],
    ['POST', `${CORE}/emptied/users/jane/certificates`, { certificate }],
  ];
  for (const [method, path, body] of requests) {
    const answer = await send(app, method, path, { token, body });
    expect([path, answer.status, codesOf(answer)]).toEqual([path, 404, ['errors.noRecord']]);
  }
});

test('2.2, 2.3 the name of a deleted client can be used again, its extId cannot', async () => {
  await send(app, 'POST', CLIENTS, { token, body: { extId: 'gone', name: 'Phoenix' } });
  await send(app, 'DELETE', `${CLIENTS}/gone`, { token });
  const sameExtId = await send(app, 'POST', CLIENTS, { token, body: { extId: 'gone', name: 'Ashes' } });
  expect([sameExtId.status, codesOf(sameExtId)]).toEqual([422, ['errors.duplicateValue']]);
  const sameName = await send(app, 'POST', CLIENTS, { token, body: { name: 'Phoenix' } });
  expect(sameName.status).toBe(201);
});

test('C5 of two deletions at once one deletes, and the other is 404', async () => {
  await fullClient('raced');
  const answers = await Promise.all([1, 2].map(async () => await send(app, 'DELETE', `${CLIENTS}/raced`, { token })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204, 404]));
});

test('C5 a deletion while certificates are created leaves nothing behind and causes no 500', async () => {
  await fullClient('busy');
  const pems = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => (await issueCertificate({ subject: `CN=busy ${index}` })).pem),
  );
  const [deletion, ...creations] = await Promise.all([
    send(app, 'DELETE', `${CLIENTS}/busy?audit=each`, { token }),
    ...pems.map(
      async (certificate) =>
        await send(app, 'POST', `${CORE}/busy/users/jane/certificates`, { token, body: { certificate } }),
    ),
  ]);
  expect(deletion?.status).toBe(204);
  for (const { status } of creations) expect([201, 404]).toContain(status);
  expect([await count('users', 'busy'), await count('credentials', 'busy')]).toEqual([0, 0]);
  const [created, removed] = await Promise.all(
    ['created', 'deleted'].map(async (action) => {
      const rows: unknown[] = await app.dataSource.query(
        `select ext_id from audit_events where client_ext_id = 'busy' and kind = 'certificate' and action = $1 order by ext_id`,
        [action],
      );
      return rows;
    }),
  );
  expect(removed).toEqual(created);
});

test.each(['', '?audit=each'])(
  'C5 a client with more rows than one transaction removes is deleted completely %s',
  async (query) => {
    const extId = `many${query === '' ? '' : '-each'}`;
    await fullClient(extId);
    await app.dataSource.query(
      `insert into users select $1, 'user-' || n, gen_random_uuid(), 'user-' || n, 'user-' || n, 'active', false,
       null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
       1, now(), now() from generate_series(1, 120) n`.replaceAll('now()', `'2026-06-01'`),
      [extId],
    );
    expect((await send(app, 'DELETE', `${CLIENTS}/${extId}${query}`, { token })).status).toBe(204);
    expect([await count('users', extId), await count('credentials', extId), await count('policies', extId)]).toEqual([
      0, 0, 0,
    ]);
    const deletions = await deletionsOf(extId);
    expect(deletions.filter(({ kind }) => kind === 'user')).toHaveLength(query === '' ? 0 : 122);
    if (query === '') expect(deletions).toMatchObject([{ changes: { users: { from: 122, to: 0 } } }]);
  },
);

test('10.1 C5: the audit event of the client counts what it contained, by kind', async () => {
  await fullClient('counted');
  expect((await send(app, 'DELETE', `${CLIENTS}/counted`, { token })).status).toBe(204);
  expect(await deletionsOf('counted')).toEqual([
    {
      kind: 'client',
      ext_id: 'counted',
      actor: 'admin-1',
      changes: {
        users: { from: 2, to: 0 },
        certificates: { from: 2, to: 0 },
        policies: { from: 3, to: 0 },
        trustAnchorSets: { from: 1, to: 0 },
      },
    },
  ]);
});

test('7.1 C5 audit takes nothing but each, and nothing is deleted', async () => {
  await fullClient('kept');
  for (const query of ['?audit=none', '?audit=', '?audit=each&audit=each']) {
    const answer = await send(app, 'DELETE', `${CLIENTS}/kept${query}`, { token });
    expect([query, answer.status, codesOf(answer)]).toEqual([query, 422, ['errors.invalidData']]);
  }
  expect(await count('users', 'kept')).toBe(2);
});

test('C5 the server continues an interrupted deletion, and nothing can be created in the client meanwhile', async () => {
  await fullClient('broken-off');
  await app.dataSource.query(
    `update clients set deleted_at = $1, deletion = $2, display_name = null where ext_id = 'broken-off'`,
    [
      app.clock.now(),
      { userExtId: 'admin-1', clientExtId: '100', requestId: 'broken-off-request', removed: { user: 5 } },
    ],
  );
  const late = await send(app, 'POST', `${CORE}/broken-off/users`, { token, body: { extId: 'late' } });
  expect([late.status, codesOf(late)]).toEqual([404, ['errors.noRecord']]);
  await app.scheduler.runAll();
  expect(await count('users', 'broken-off')).toBe(2);

  app.clock.advance(61_000);
  await app.scheduler.runAll();
  for (const table of ['users', 'policies', 'credentials']) expect(await count(table, 'broken-off')).toBe(0);
  const actors: unknown[] = await app.dataSource.query(
    `select distinct actor, actor_client, request_id from audit_events where client_ext_id = 'broken-off' and action = 'deleted'`,
  );
  expect(actors).toEqual([{ actor: 'admin-1', actor_client: '100', request_id: 'broken-off-request' }]);
  expect(await deletionsOf('broken-off')).toMatchObject([{ changes: { users: { from: 7, to: 0 } } }]);
  const [client] = await app.dataSource.query<[{ deletion: unknown }]>(
    `select deletion from clients where ext_id = 'broken-off'`,
  );
  expect(client.deletion).toBeNull();
});
