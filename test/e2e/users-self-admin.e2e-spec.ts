import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { UserRow } from '../../src/users/user.table.js';
import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { CORE, codesOf, fieldsOf, send } from '../support/http.js';

let app: TestApp;
let builders: Builders;
let token: string;
let jane: string;
let users = 0;

const USERS = `${CORE}/100/users`;

beforeAll(async () => {
  app = await startApp();
  builders = new Builders(app.dataSource);
  await builders.client('100');
  await builders.client('200');
});

afterAll(async () => await app.close());

beforeEach(async () => {
  users += 1;
  jane = `jane-${users}`;
  await builders.user('100', jane, { firstName: 'Jane', familyName: 'Doe', email: 'jane@example.com' });
  token = await selfAdmin();
});

const selfAdmin = async (claims: object = {}) =>
  await app.token({ sub: jane, roles: ['nevisIdm.SelfAdmin'], ...claims });

const patch = async (body: object, xToken?: string) =>
  await send(app, 'PATCH', `${USERS}/${jane}`, { token, body, xToken });

async function set(columns: Partial<UserRow>): Promise<void> {
  await app.dataSource.getRepository<UserRow>('users').update({ clientExtId: '100', extId: jane }, columns);
}

describe('9 requests of a front end as a self-admin', () => {
  test('9 a GET with a Content-Type and no body is answered', async () => {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await send(app, 'GET', `${USERS}/${jane}`, { token, headers });
    expect([answer.status, answer.body]).toMatchObject([200, { extId: jane, name: { firstName: 'Jane' }, version: 1 }]);
    expect(answer.body).not.toHaveProperty('address');
  });

  test('9 name and contacts can be changed in part, with the version and the unchanged e-mail in the request', async () => {
    const { version } = (await send(app, 'GET', `${USERS}/${jane}`, { token })).body as { version: number };
    const contacts = { email: 'jane@example.com', telephone: '+41 31 555 01 01' };
    const answer = await patch({ name: { familyName: 'Roe' }, contacts, version });
    expect([answer.status, answer.body]).toMatchObject([
      200,
      { name: { firstName: 'Jane', familyName: 'Roe' }, contacts, version: 2 },
    ]);
  });

  test('9 a PATCH without a version is applied', async () => {
    expect((await patch({ address: { addressline1: 'Tower A' } })).body).toMatchObject({ version: 2 });
  });

  test('9 101 GETs in parallel are all answered', async () => {
    const answers = await Promise.all(
      Array.from({ length: 101 }, async () => await send(app, 'GET', `${USERS}/${jane}`, { token })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(101);
  });

  test('9 an administrator can do the same', async () => {
    token = await app.token();
    const headers = { 'Content-Type': 'application/json' };
    expect((await send(app, 'GET', `${USERS}/${jane}`, { token, headers })).status).toBe(200);
    const contacts = { email: 'jane@example.com', mobile: '1' };
    const answer = await patch({ name: { firstName: 'Janet' }, contacts, version: 1 });
    expect(answer.body).toMatchObject({ version: 2, name: { familyName: 'Doe' }, contacts });
    const refused = await patch({ version: 1 });
    expect([refused.status, refused.headers.get('content-type')]).toEqual([409, 'application/json; charset=utf-8']);
  });
});

describe('4.5 changes that need an X-Token', () => {
  test.each<[string, object]>([
    ['a new e-mail', { contacts: { email: 'evil@example.com' } }],
    ['no e-mail', { contacts: { email: null } }],
    ['another state', { userState: 'disabled' }],
  ])('4.5 %s needs an X-Token', async (_title, body) => {
    const without = await patch(body);
    expect([without.status, codesOf(without)]).toEqual([401, ['errors.unauthenticated']]);
    expect(without.headers.get('www-authenticate')).not.toBeNull();
    for (const xToken of ['no token', await app.xToken('somebody'), await app.xToken(jane, '200')]) {
      expect((await patch(body, xToken)).status).toBe(401);
    }
    expect((await patch(body, await app.xToken(jane))).status).toBe(200);
  });

  test('4.5 an invalid X-Token is refused also where none is needed', async () => {
    expect((await patch({ name: { title: 'Dr.' } }, 'no token')).status).toBe(401);
    expect((await send(app, 'GET', `${USERS}/${jane}`, { token, xToken: await app.xToken('x') })).status).toBe(401);
    expect((await patch({ name: { title: 'Dr.' } }, await app.xToken(jane))).status).toBe(200);
  });

  test('7.2 a missing X-Token is reported after a missing right and before a stale version', async () => {
    const stale = await patch({ contacts: { email: 'x' }, version: 7 });
    expect(stale.status).toBe(401);
    const both = await patch({ contacts: { email: 'x' }, remarks: 'mine' });
    expect([both.status, fieldsOf(both)]).toEqual([403, ['remarks']]);
  });
});

describe('4.4 members that users may not change of themselves', () => {
  test.each<[string, object, string[]]>([
    ['their validity', { validity: { to: '2099-01-01T00:00:00Z' } }, ['validity']],
    ['properties and remarks, all at once', { properties: { role: 'boss' }, remarks: 'x' }, ['properties', 'remarks']],
  ])('4.4 users may not change %s', async (_title, body, fields) => {
    const refused = await patch(body, await app.xToken(jane));
    expect([refused.status, fieldsOf(refused)]).toEqual([403, fields]);
    expect((await send(app, 'GET', `${USERS}/${jane}`, { token })).body).toMatchObject({ version: 1 });
  });

  test('4.4 users need a right for a new login id, with the client in its data room', async () => {
    const xToken = await app.xToken(jane);
    expect((await patch({ loginId: 'other' }, xToken)).status).toBe(403);
    expect((await patch({ loginId: jane })).status).toBe(200);
    const permissions = ['AccessControl.LoginIdOverride'];
    token = await selfAdmin({ permissions, data_room: { clients: [] } });
    expect((await patch({ loginId: `${jane}-2` }, xToken)).status).toBe(403);
    token = await selfAdmin({ permissions });
    expect((await patch({ loginId: `${jane}-2` }, xToken)).body).toMatchObject({ loginId: `${jane}-2` });
  });

  test('2.5 users need the rights to archive in order to archive themselves', async () => {
    const xToken = await app.xToken(jane);
    const refused = await patch({ userState: 'archived' }, xToken);
    expect([refused.status, codesOf(refused)]).toEqual([403, ['errors.permissionDenied']]);
    token = await selfAdmin({ permissions: ['AccessControl.UserArchive', 'AccessControl.UserView'] });
    expect((await patch({ userState: 'archived' }, xToken)).body).toMatchObject({ userState: 'archived' });
  });

  test('5.1 users can disable themselves, but not activate themselves again', async () => {
    const xToken = await app.xToken(jane);
    expect((await patch({ userState: 'disabled' }, xToken)).status).toBe(200);
    for (const answer of [
      await patch({ userState: 'active' }, xToken),
      await send(app, 'GET', `${USERS}/${jane}`, { token }),
    ]) {
      expect([answer.status, codesOf(answer)]).toEqual([403, ['errors.permissionDenied']]);
    }
  });

  test.each<[string, Partial<UserRow>]>([
    ['disabled', { state: 'disabled' }],
    ['archived', { state: 'archived' }],
    ['not yet valid', { validFrom: new Date('2026-07-01T00:00:00Z') }],
    ['no longer valid', { validTo: new Date('2026-05-01T00:00:00Z') }],
  ])('2.6, 4.4 a user who is %s may neither read nor change', async (_title, columns) => {
    await set(columns);
    expect((await send(app, 'GET', `${USERS}/${jane}`, { token })).status).toBe(403);
    expect((await patch({ name: { title: 'Dr.' } }, await app.xToken(jane))).status).toBe(403);
  });

  test('4.4 a self-admin without a user gets 403, not 404', async () => {
    const nobody = await app.token({ sub: 'nobody', roles: ['nevisIdm.SelfAdmin'] });
    expect((await send(app, 'GET', `${USERS}/nobody`, { token: nobody })).status).toBe(403);
  });

  test('4.4 self-admins get 403 for another user, another client and any other route', async () => {
    await builders.user('200', jane);
    await builders.user('100', `${jane}-neighbour`);
    const xToken = await app.xToken(jane);
    const requests: [string, string, object?][] = [
      ['GET', `${USERS}/${jane}-neighbour`],
      ['GET', `${USERS}/nobody-at-all`],
      ['PATCH', `${USERS}/${jane}-neighbour`, { name: { title: 'x' } }],
      ['GET', `${CORE}/200/users/${jane}`],
      ['PATCH', `${CORE}/200/users/${jane}`, {}],
      ['POST', USERS, {}],
      ['DELETE', `${USERS}/${jane}`],
      ['POST', `${USERS}/${jane}/archive`],
      ['GET', `${CORE}/clients/100/users`],
      ['GET', `${CORE}/clients/100`],
    ];
    for (const [method, path, body] of requests) {
      const answer = await send(app, method, path, { token, xToken, body });
      expect([method, path, answer.status]).toEqual([method, path, 403]);
    }
  });
});
