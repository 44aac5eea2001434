import { afterAll, beforeAll, expect, test } from 'vitest';

import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { CORE, codesOf, send } from '../support/http.js';

let app: TestApp;

const USERS = `${CORE}/100/users`;

beforeAll(async () => {
  app = await startApp();
  const builders = new Builders(app.dataSource);
  await builders.client('100');
  await builders.user('100', 'jane');
  await builders.user('100', 'robot', { isTechnicalUser: true });
});

afterAll(async () => await app.close());

async function withRights(...rights: readonly string[]): Promise<string> {
  return await app.token({ roles: [], permissions: rights.map((right) => `AccessControl.${right}`) });
}

type Row = [string, string, string, object | undefined, readonly string[]];

/** The rights that each request needs, including those that depend on body and row. */
const REQUESTS: readonly Row[] = [
  ['C6', 'GET', `${CORE}/clients/100/users`, undefined, ['ClientView', 'UserView']],
  ['U1', 'POST', USERS, {}, ['UserCreate']],
  ['U1, loginId', 'POST', USERS, { loginId: 'x' }, ['UserCreate', 'LoginIdOverride']],
  ['U1, technical', 'POST', USERS, { isTechnicalUser: true }, ['UserCreate', 'UserCreateTechUser']],
  ['U2', 'GET', `${USERS}/jane`, undefined, ['UserView']],
  ['U3', 'PATCH', `${USERS}/jane`, {}, ['UserView', 'UserModify']],
  ['U3, technical', 'PATCH', `${USERS}/robot`, {}, ['UserView', 'UserModify', 'UserModifyTechUser']],
  ['U3, loginId', 'PATCH', `${USERS}/jane`, { loginId: 'jane-2' }, ['UserView', 'UserModify', 'LoginIdOverride']],
  ['U3, archived', 'PATCH', `${USERS}/jane`, { userState: 'archived' }, ['UserView', 'UserModify', 'UserArchive']],
  ['U5, technical', 'POST', `${USERS}/robot/archive`, undefined, ['UserView', 'UserArchive', 'UserArchiveTechUser']],
  ['U4', 'DELETE', `${USERS}/jane`, undefined, ['UserDelete']],
];

test.each(REQUESTS)(
  '4.3 %s is 403 without any one of its rights, and allowed with all',
  async (_name, method, path, body, rights) => {
    for (const missing of rights) {
      const token = await withRights(...rights.filter((right) => right !== missing), 'CredentialView', 'HistoryView');
      const answer = await send(app, method, path, { token, body });
      expect([missing, answer.status, codesOf(answer)]).toEqual([missing, 403, ['errors.permissionDenied']]);
    }
    const answer = await send(app, method, path, { token: await withRights(...rights), body });
    expect(answer.status).toBeLessThan(300);
  },
);

test('4.3 an administrator of another client gets the same answer whether or not the user exists', async () => {
  const token = await app.token({ client_ext_id: '200' });
  const requests: [string, string, object?][] = [
    ['GET', `${CORE}/clients/100/users`],
    ['POST', USERS, {}],
    ...['robot', 'nobody'].flatMap((user): [string, string, object?][] => [
      ['GET', `${USERS}/${user}`],
      ['PATCH', `${USERS}/${user}`, {}],
      ['DELETE', `${USERS}/${user}`],
      ['POST', `${USERS}/${user}/archive`],
    ]),
  ];
  for (const [method, path, body] of requests) {
    const answer = await send(app, method, path, { token, body });
    expect([method, path, answer.status, codesOf(answer)]).toEqual([method, path, 403, ['errors.dataroomDenied']]);
  }
});

test('7.2 the rights of the route are checked before the body is read, those of the body after its shape', async () => {
  const none = await send(app, 'POST', USERS, { token: await withRights(), body: 'no JSON' });
  expect(none.status).toBe(403);
  const token = await withRights('UserCreate');
  expect((await send(app, 'POST', USERS, { token, body: 'no JSON' })).status).toBe(400);
  expect((await send(app, 'POST', USERS, { token, body: { isTechnicalUser: true, x: 1 } })).status).toBe(422);
  const nobody = await send(app, 'PATCH', `${USERS}/nobody`, { token: await app.token(), body: { version: 1 } });
  expect([nobody.status, codesOf(nobody)]).toEqual([404, ['errors.noRecord']]);
});

test('1.1 words of other routes are not client ids, and there is no list at the path of users', async () => {
  const token = await app.token({ data_room: { clients: ['*'] } });
  expect((await send(app, 'GET', USERS, { token })).status).toBe(405);
  expect((await send(app, 'GET', `${CORE}/system/users/jane`, { token })).status).toBe(404);
  expect((await send(app, 'POST', `${CORE}/clients/users`, { token, body: {} })).status).toBeGreaterThanOrEqual(404);
  expect((await send(app, 'GET', `${CORE}/clients/users/users`, { token })).status).toBe(404);
  expect((await send(app, 'GET', `${USERS}/a b`, { token })).status).toBe(404);
});
