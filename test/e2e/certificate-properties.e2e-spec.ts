import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { type Answer, CORE, codesOf, send, type Sending } from '../support/http.js';
import { issueCertificate } from '../support/pki.js';

let app: TestApp;
let builders: Builders;
let token: string;
let user: string;
let users = 0;

beforeAll(async () => {
  app = await startApp();
  builders = new Builders(app.dataSource);
  await builders.client('100');
  await builders.policy('100', 'default');
  token = await app.token();
});

afterAll(async () => await app.close());

const path = (): string => `${CORE}/100/users/${user}/certificates/${user}-cert`;

beforeEach(async () => {
  users += 1;
  user = `u-${users}`;
  await builders.user('100', user);
  const { pem } = await issueCertificate({ subject: `CN=${user}` });
  const body = { extId: `${user}-cert`, certificate: pem };
  await send(app, 'POST', `${CORE}/100/users/${user}/certificates`, { token, body });
});

const patch = async (body: unknown, sending: Sending = {}): Promise<Answer> =>
  await send(app, 'PATCH', `${path()}/properties`, { token, body, ...sending });
const read = async (): Promise<Answer> => await send(app, 'GET', path(), { token });

test('2.14 X6 replaces and answers the whole flat map, and increases the version by one', async () => {
  const first = await patch({ costCentre: '4711', version: '7' });
  expect([first.status, first.body, first.headers.get('etag')]).toEqual([
    200,
    { costCentre: '4711', version: '7' },
    '"2"',
  ]);
  const second = await patch({ costCentre: null, version: '', floor: '3' });
  expect([second.body, second.headers.get('etag')]).toEqual([{ floor: '3' }, '"3"']);
  expect((await read()).body).toMatchObject({ version: 3, properties: { floor: '3' } });
  const last = await patch({ floor: null });
  expect(last.body).toEqual({});
  expect((await read()).body).not.toHaveProperty('properties');
});

test('3.1 properties that are set already change nothing and write no audit event', async () => {
  await patch({ a: '1' });
  for (const body of [{}, { a: '1' }, { b: null, c: '' }]) {
    const answer = await patch(body);
    expect([answer.body, answer.headers.get('etag')]).toEqual([{ a: '1' }, '"2"']);
  }
  const lines: unknown = await app.dataSource.query(
    `select action, version, changes, after -> 'properties' as properties, der from audit_events
      where user_ext_id = $1 order by version offset 1`,
    [user],
  );
  expect(lines).toEqual([
    { action: 'changed', version: 2, changes: { properties: { to: { a: '1' } } }, properties: { a: '1' }, der: null },
  ]);
});

test.each<[string, unknown, string[]]>([
  ['2.14 a value that is not a string', { a: 1, b: { c: 'd' }, e: 'x' }, ['a', 'b']],
  [
    '2.14 a name or value that is too long',
    { ['n'.repeat(101)]: 'x', b: 'x'.repeat(1001) },
    [`${'n'.repeat(99)}…`, 'b'],
  ],
  ['2.14 an empty name', { '': 'x' }, ['']],
  [
    '3.7 prototype names',
    JSON.parse('{"__proto__":"x","constructor":"x","prototype":"x"}'),
    ['__proto__', 'constructor', 'prototype'],
  ],
  ['7.1 U+0000 in a value', { a: 'x\u0000' }, ['a']],
  [
    '2.14 more than 100 names',
    Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`n${index}`, 'x'])),
    ['properties'],
  ],
])('%s is 422 and stores nothing', async (_, body, fields) => {
  const answer = await patch(body);
  expect(answer.status).toBe(422);
  expect((answer.body as { errors: { field: string }[] }).errors.map(({ field }) => field)).toEqual(fields);
  expect((await read()).body.version).toBe(1);
});

const many = (start: number) =>
  Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`n${start + index}`, 'x']));

test('2.14 the limit of 100 applies to all properties together', async () => {
  expect((await patch(many(0))).status).toBe(200);
  expect((await patch(many(60))).status).toBe(422);
  expect((await patch(many(40))).status).toBe(200);
});

test('3.5 a stale If-Match is 412', async () => {
  const stale = await patch({ a: '1' }, { headers: { 'If-Match': '"7"' } });
  expect([stale.status, codesOf(stale)]).toEqual([412, ['errors.preconditionFailed']]);
  expect((await patch({ a: '1' }, { headers: { 'If-Match': '"1"' } })).status).toBe(200);
});

test('3.9 an archived credential, or one of an archived user, is 422', async () => {
  await app.dataSource.query(`update credentials set state = 'archived' where ext_id = $1`, [`${user}-cert`]);
  expect(codesOf(await patch({ a: '1' }))).toEqual(['errors.recordDeleted']);
  await app.dataSource.query(`update credentials set state = 'active' where ext_id = $1`, [`${user}-cert`]);
  await app.dataSource.query(`update users set state = 'archived' where ext_id = $1`, [user]);
  expect(codesOf(await patch({ a: '1' }))).toEqual(['errors.recordDeleted']);
});

test('3.4 30 changes at once are all stored', async () => {
  const answers = await Promise.all(
    Array.from({ length: 30 }, async (_, index) => await patch({ [`n${index}`]: 'x' })),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const { version, properties } = (await read()).body as { version: number; properties: object };
  expect([version, Object.keys(properties).length]).toEqual([31, 30]);
});

test('3.5 of 30 changes with one If-Match at once exactly one succeeds', async () => {
  const headers = { 'If-Match': '"1"' };
  const answers = await Promise.all(
    Array.from({ length: 30 }, async (_, index) => await patch({ [`n${index}`]: 'x' }, { headers })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 412)).toHaveLength(29);
});

const RIGHTS = ['CredentialView', 'CredentialModify', 'PropertyValueModify'].map((name) => `AccessControl.${name}`);

test.each(RIGHTS)('4.3 X6 without %s is 403', async (missing) => {
  const permissions = RIGHTS.filter((right) => right !== missing);
  const answer = await patch({}, { token: await app.token({ roles: undefined, permissions }) });
  expect(codesOf(answer)).toEqual(['errors.permissionDenied']);
});

test('4.3, 4.4 X6 from another client is 403, for another user 404, and not open to self-admins', async () => {
  const foreign = await app.token({ roles: undefined, permissions: RIGHTS, client_ext_id: '200' });
  expect(codesOf(await patch({}, { token: foreign }))).toEqual(['errors.dataroomDenied']);
  const own = await app.token({ roles: ['nevisIdm.SelfAdmin'], sub: user });
  expect(codesOf(await patch({}, { token: own, xToken: await app.xToken(user) }))).toEqual(['errors.permissionDenied']);
  await builders.user('100', `${user}-other`);
  const other = path().replace(`users/${user}/`, `users/${user}-other/`);
  expect((await send(app, 'PATCH', `${other}/properties`, { token, body: {} })).status).toBe(404);
});
