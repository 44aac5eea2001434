import { afterAll, beforeAll, expect, test } from 'vitest';

import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { type Answer, CORE, codesOf, fieldsOf, send } from '../support/http.js';

let app: TestApp;
let everywhere: string;

const CLIENTS = `${CORE}/clients`;
const ALL = { data_room: { clients: ['*'] } };

beforeAll(async () => {
  app = await startApp();
  await new Builders(app.dataSource).client('100');
  everywhere = await app.token(ALL);
});

afterAll(async () => await app.close());

interface Listed {
  readonly items: readonly { readonly extId: string }[];
  readonly _pagination: { readonly continuationToken?: string; readonly totalResult?: number };
}

const create = async (body: object, token = everywhere) => await send(app, 'POST', CLIENTS, { token, body });

async function existing(body: object): Promise<{ readonly extId: string }> {
  const answer = await create(body);
  expect(answer.status).toBe(201);
  return answer.body as { extId: string };
}

/** The first error of an answer, without its request id. */
function refusalOf({ status, body }: Answer): unknown {
  const [{ requestId, ...detail }] = (body as { errors: [{ requestId: string }] }).errors;
  expect(requestId).toBeTypeOf('string');
  return { status, ...detail };
}

async function eventsOf(clientExtId: string): Promise<Record<string, unknown>[]> {
  return await app.dataSource.query('select * from audit_events where client_ext_id = $1 order by at, id', [
    clientExtId,
  ]);
}

test('1.2, 2.3 C2 to C5: a client is created, read, changed and deleted', async () => {
  const body = { extId: 'acme', name: 'Acme', displayName: { EN: 'Acme Ltd', FR: 'Acme SA' }, remarks: 'pilot' };
  const created = await create(body);
  expect(created.body).toEqual({
    created: '2026-06-01T12:00:00Z',
    lastModified: '2026-06-01T12:00:00Z',
    version: 1,
    extId: 'acme',
    name: 'Acme',
    displayName: { EN: 'Acme Ltd', FR: 'Acme SA' },
  });
  expect(created.status).toBe(201);
  expect(created.headers.get('location')).toBe(`${CLIENTS}/acme`);
  expect(created.headers.get('etag')).toBe('"1"');

  const patched = await send(app, 'PATCH', `${CLIENTS}/acme`, {
    token: everywhere,
    body: { displayName: { FR: null, DE: 'Acme AG' }, version: 1 },
  });
  expect(patched.body).toMatchObject({ version: 2, name: 'Acme', displayName: { EN: 'Acme Ltd', DE: 'Acme AG' } });
  expect(patched.headers.get('etag')).toBe('"2"');

  const read = await send(app, 'GET', `${CLIENTS}/acme`, { token: everywhere });
  expect([read.status, read.body]).toEqual([200, patched.body]);

  expect((await send(app, 'DELETE', `${CLIENTS}/acme`, { token: everywhere })).status).toBe(204);
  expect((await send(app, 'GET', `${CLIENTS}/acme`, { token: everywhere })).status).toBe(404);
});

test('2.3, 10.1 a new client has its two default policies, each with its audit event', async () => {
  const { extId } = await existing({ name: 'With defaults' });
  const policies: Record<string, unknown>[] = await app.dataSource.query(
    'select * from policies where client_ext_id = $1 order by policy_type',
    [extId],
  );
  expect(policies).toMatchObject([
    { policy_type: 'CertificatePolicy', default_policy: true, version: 1 },
    { policy_type: 'PwdPolicy', default_policy: true, version: 1 },
  ]);
  expect(await eventsOf(extId)).toMatchObject([
    {
      action: 'created',
      kind: 'client',
      ext_id: extId,
      version: 1,
      actor: 'admin-1',
      changes: { name: { to: 'With defaults' } },
    },
    { action: 'created', kind: 'policy', version: 1 },
    { action: 'created', kind: 'policy', version: 1 },
  ]);
});

test('3.1 a change without effect keeps the version and writes no audit event', async () => {
  const client = await existing({ name: 'Unchanged', displayName: { EN: 'Same' } });
  const before = (await eventsOf(client.extId)).length;
  for (const body of [
    {},
    { name: 'Unchanged' },
    { displayName: { EN: 'Same', IT: null }, remarks: null, version: 1 },
  ]) {
    const answer = await send(app, 'PATCH', `${CLIENTS}/${client.extId}`, { token: everywhere, body });
    expect([answer.status, answer.body]).toEqual([200, client]);
  }
  expect(await eventsOf(client.extId)).toHaveLength(before);
});

test('3.2, 3.5 a stale version is 409, a stale If-Match is 412 and checked first', async () => {
  const client = await existing({ name: 'Stale' });
  const path = `${CLIENTS}/${client.extId}`;
  const second = await send(app, 'PATCH', path, { token: everywhere, body: { remarks: 'second' } });

  const conflict = await send(app, 'PATCH', path, { token: everywhere, body: { version: 1 } });
  expect([conflict.status, codesOf(conflict)]).toEqual([409, ['errors.optimisticLockingFailure']]);
  expect(conflict.body.errors[0]).toMatchObject({ currentVersion: 2, changedBy: 'admin-1' });

  const withoutHistoryView = await app.token({ ...ALL, roles: [], permissions: ['AccessControl.ClientModify'] });
  const withoutHistory = await send(app, 'PATCH', path, { token: withoutHistoryView, body: { version: 1 } });
  expect(withoutHistory.body.errors[0]).toMatchObject({
    currentVersion: 2,
    changedAt: second.body.lastModified as unknown,
  });
  expect(withoutHistory.body.errors[0]).not.toHaveProperty('changedBy');

  for (const method of ['PATCH', 'DELETE']) {
    const failed = await send(app, method, path, {
      token: everywhere,
      headers: { 'If-Match': '"1"' },
      ...(method === 'PATCH' ? { body: { version: 1 } } : {}),
    });
    expect([failed.status, codesOf(failed)]).toEqual([412, ['errors.preconditionFailed']]);
  }
  expect((await send(app, 'DELETE', path, { token: everywhere, headers: { 'If-Match': '"2"' } })).status).toBe(204);
});

test('3.4 changes at once are all stored', async () => {
  const client = await existing({ name: 'Raced' });
  const answers = await Promise.all(
    ['EN', 'DE', 'FR', 'IT'].map(
      async (language) =>
        await send(app, 'PATCH', `${CLIENTS}/${client.extId}`, {
          token: everywhere,
          body: { displayName: { [language]: language } },
        }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const read = await send(app, 'GET', `${CLIENTS}/${client.extId}`, { token: everywhere });
  expect(read.body).toMatchObject({ version: 5, displayName: { EN: 'EN', DE: 'DE', FR: 'FR', IT: 'IT' } });
});

test('3.8 of 50 creations of one name exactly one succeeds, and the others are duplicates', async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, async () => await create({ name: 'Wanted by all' })));
  const refused = answers.filter(({ status }) => status !== 201);
  expect(refused).toHaveLength(49);
  const plain = await create({ name: 'Wanted by all' });
  for (const answer of refused) expect(refusalOf(answer)).toEqual(refusalOf(plain));
  expect(codesOf(plain)).toEqual(['errors.duplicateName']);
  const [{ policies }] = (await app.dataSource.query(
    `select count(*)::integer as policies from policies join clients on clients.ext_id = client_ext_id
      where clients.name = 'Wanted by all'`,
  )) as [{ policies: number }];
  expect(policies).toBe(2);
});

test('2.2 an extId is unique, and reserved words and invalid values are refused', async () => {
  await create({ name: 'Taken', extId: 'taken' });
  const again = await create({ name: 'Not taken', extId: 'taken' });
  expect([again.status, codesOf(again), fieldsOf(again)]).toEqual([422, ['errors.duplicateValue'], ['extId']]);
  for (const extId of ['clients', 'system', '.', '..', '', 'a b', 'x'.repeat(51), 7, null]) {
    const refused = await create({ name: 'Refused', extId });
    expect([refused.status, fieldsOf(refused)]).toEqual([422, ['extId']]);
  }
  expect((await create({ name: 'Case counts', extId: 'Clients' })).status).toBe(201);
  expect((await send(app, 'GET', `${CLIENTS}/system`, { token: everywhere })).status).toBe(404);
});

test('2.2 an extId with a slash is encoded in the path', async () => {
  const created = await create({ name: 'Slash', extId: 'a/b' });
  expect(created.headers.get('location')).toBe(`${CLIENTS}/a%2Fb`);
  const read = await send(app, 'GET', `${CLIENTS}/a%2Fb`, { token: everywhere });
  expect([read.status, read.body.extId]).toEqual([200, 'a/b']);
});

test.each<[string, object, string[]]>([
  ['no name', {}, ['name']],
  ['an empty name', { name: '' }, ['name']],
  ['a name of 101 characters', { name: 'x'.repeat(101) }, ['name']],
  ['a number as the name', { name: 7 }, ['name']],
  ['null as the name', { name: null }, ['name']],
  ['an unsupported language', { name: 'A', displayName: { ES: 'x' } }, ['displayName.ES']],
  ['a list as displayName', { name: 'A', displayName: [] }, ['displayName']],
  ['displayName too long', { name: 'A', displayName: { EN: 'x'.repeat(251) } }, ['displayName.EN']],
  ['remarks too long', { name: 'A', remarks: 'x'.repeat(1001) }, ['remarks']],
  ['U+0000', { name: 'A\0' }, ['name']],
  ['half of a surrogate pair', { name: 'A', remarks: '\ud800' }, ['remarks']],
  ['unknown members, all at once', { name: '', version: 1, deletedAt: 'x' }, ['version', 'deletedAt', 'name']],
])('2.3, 3.7 a client with %s is 422', async (_title, body, fields) => {
  const answer = await create(body);
  expect([answer.status, fieldsOf(answer)]).toEqual([422, fields]);
});

test('2.3 a change to a taken name or without a name is refused', async () => {
  await create({ name: 'First of two' });
  const { extId } = await existing({ name: 'Second of two' });
  const path = `${CLIENTS}/${extId}`;
  const duplicate = await send(app, 'PATCH', path, { token: everywhere, body: { name: 'First of two' } });
  expect([duplicate.status, codesOf(duplicate)]).toEqual([422, ['errors.duplicateName']]);
  const cleared = await send(app, 'PATCH', path, { token: everywhere, body: { name: null, extId: 'other' } });
  expect([cleared.status, fieldsOf(cleared)]).toEqual([422, ['extId', 'name']]);
});

test('4.3 a missing right or data room is refused before anything is read', async () => {
  const only = async (...permissions: string[]) =>
    await app.token({ ...ALL, roles: [], permissions: permissions.map((name) => `AccessControl.${name}`) });
  const all = ['ClientView', 'ClientCreate', 'ClientModify', 'ClientDelete'];
  const routes: [string, string, string][] = [
    ['GET', CLIENTS, 'ClientView'],
    ['POST', CLIENTS, 'ClientCreate'],
    ['GET', `${CLIENTS}/100`, 'ClientView'],
    ['PATCH', `${CLIENTS}/100`, 'ClientModify'],
    ['DELETE', `${CLIENTS}/100`, 'ClientDelete'],
  ];
  for (const [method, path, right] of routes) {
    const token = await only(...all.filter((name) => name !== right));
    const answer = await send(app, method, path, { token, ...(method === 'GET' ? {} : { body: 'no JSON' }) });
    expect([answer.status, codesOf(answer)]).toEqual([403, ['errors.permissionDenied']]);
  }
  const elsewhere = await app.token({ client_ext_id: '200' });
  for (const [method, path] of routes.slice(1)) {
    const answer = await send(app, method, path, {
      token: elsewhere,
      ...(method === 'GET' ? {} : { body: 'no JSON' }),
    });
    expect([answer.status, codesOf(answer)]).toEqual([403, ['errors.dataroomDenied']]);
  }
});

test('4.3 a client outside the data room gets the same 403 whether or not it exists', async () => {
  const token = await app.token({ client_ext_id: '200' });
  const [known, unknown] = await Promise.all(
    ['100', 'nobody'].map(async (extId) => await send(app, 'GET', `${CLIENTS}/${extId}`, { token })),
  );
  expect(known && refusalOf(known)).toEqual(unknown && refusalOf(unknown));
});

async function listFor(dataRoom: unknown, query = ''): Promise<unknown> {
  const token = await app.token({ data_room: dataRoom });
  const answer = await send(app, 'GET', `${CLIENTS}${query}`, { token });
  const { items, _pagination } = answer.body as Listed;
  return [items.map(({ extId }) => extId), _pagination.totalResult];
}

test('4.3 C1: lists the clients of the data room and no others', async () => {
  const total = '?returnTotalResultCount=true';
  expect(await listFor({ clients: ['100', 'taken', 'nobody'] }, total)).toEqual([['100', 'taken'], 2]);
  expect(await listFor({ clients: [] }, total)).toEqual([[], 0]);
  expect(await listFor({ clients: ['acme'] }, total)).toEqual([[], 0]);
  expect(await listFor(undefined)).toEqual([['100'], undefined]);
});

test('8.1, 8.2 the pages of clients have each client once', async () => {
  const query = '?limit=1000&returnTotalResultCount=true';
  const everything = (await send(app, 'GET', CLIENTS + query, { token: everywhere })).body as Listed;
  const seen: unknown[] = [];
  for (let token: string | undefined = ''; token !== undefined;) {
    const next = token === '' ? '' : `&continuationToken=${encodeURIComponent(token)}`;
    const page = await send(app, 'GET', `${CLIENTS}?limit=3${next}`, { token: everywhere });
    const { items, _pagination } = page.body as Listed;
    seen.push(...items);
    token = _pagination.continuationToken;
  }
  expect(seen).toEqual(everything.items);
  expect(everything).toMatchObject({ _pagination: { limit: 1000, totalResult: seen.length } });
  const unknown = await send(app, 'GET', `${CLIENTS}?name=Acme`, { token: everywhere });
  expect(unknown.status).toBe(422);
});
