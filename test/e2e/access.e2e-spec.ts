import { afterAll, beforeAll, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { codesOf, CORE, send } from '../support/http.js';
import { statementsOf } from '../support/statements.js';

let fixture: Fixture;
let credential: string;
let before: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  credential = await fixture.register('cert-1');
  await fixture.builders.client('200');
  await fixture.builders.policy('200', 'default');
  await fixture.builders.user('200', 'helper-7');
  before = await fixture.stored();
});

afterAll(async () => await fixture.app.close());

const withRights = async (...rights: string[]) =>
  await fixture.app.token({ roles: undefined, permissions: rights.map((right) => `AccessControl.${right}`) });

const ALL = ['CredentialView', 'CredentialCreate', 'CredentialModify', 'CredentialDelete', 'CredentialChangeState'];

/** Method, whether its path names one credential, the rights that it needs, its status without a body. */
const ROUTES: readonly [string, boolean, readonly string[], number][] = [
  ['GET', true, ['CredentialView'], 200],
  ['GET', false, ['CredentialView'], 200],
  ['POST', false, ['CredentialCreate'], 400],
  ['PATCH', true, ['CredentialModify', 'CredentialView'], 400],
];

test.each(ROUTES)('4.3 %s (one credential: %s) needs all of %j', async (method, one, needed, status) => {
  const path = one ? credential : fixture.path();
  const allowed = await send(fixture.app, method, path, { token: await withRights(...needed) });
  expect(allowed.status).toBe(status);
  for (const missing of needed) {
    const token = await withRights(...ALL.filter((right) => right !== missing), 'UserView', 'ClientView');
    const refused = await send(fixture.app, method, path, { token });
    expect([refused.status, codesOf(refused)]).toEqual([403, ['errors.permissionDenied']]);
    expect(refused.body.errors[0].message).toContain(`AccessControl.${missing}`);
  }
  expect(await fixture.stored()).toBe(before);
});

test('4.3 DELETE needs CredentialDelete only', async () => {
  const path = await fixture.register('to-delete');
  const token = await withRights(...ALL.filter((right) => right !== 'CredentialDelete'));
  expect(codesOf(await send(fixture.app, 'DELETE', path, { token }))).toEqual(['errors.permissionDenied']);
  expect((await send(fixture.app, 'DELETE', path, { token: await withRights('CredentialDelete') })).status).toBe(204);
  before = await fixture.stored();
});

test('4.3 a POST with stateName needs CredentialChangeState too, and only then', async () => {
  const token = await withRights('CredentialCreate');
  const certificate = await fixture.pem('with state');
  const body = { extId: 'with-state', certificate, stateName: 'active' };
  const refused = await send(fixture.app, 'POST', fixture.path(), { token, body });
  expect([refused.status, codesOf(refused)]).toEqual([403, ['errors.permissionDenied']]);
  expect(await fixture.stored()).toBe(before);
  const { stateName: _, ...rest } = body;
  expect((await send(fixture.app, 'POST', fixture.path(), { token, body: rest })).status).toBe(201);
  await send(fixture.app, 'DELETE', `${fixture.path()}/with-state`, { token: fixture.token });
  const both = await withRights('CredentialCreate', 'CredentialChangeState');
  expect((await send(fixture.app, 'POST', fixture.path(), { token: both, body })).status).toBe(201);
  before = await fixture.stored();
});

test('4.3 a client outside the data room gets the same refusal whether it exists or not, without a database statement', async () => {
  const headers = { 'X-Request-Id': 'same-for-all' };
  const body = { certificate: await fixture.pem('foreign') };
  const answers: unknown[] = [];
  const statements = await statementsOf(fixture.app.dataSource, async () => {
    for (const client of ['200', 'nowhere']) {
      for (const [method, path] of [
        ['GET', '/cert-1'],
        ['PATCH', '/cert-1'],
        ['DELETE', '/cert-1'],
        ['GET', ''],
        ['POST', ''],
      ] as const) {
        const answer = await send(fixture.app, method, `${CORE}/${client}/users/helper-7/certificates${path}`, {
          token: fixture.token,
          headers,
          ...(method === 'PATCH' || method === 'POST' ? { body } : {}),
        });
        answers.push(`${answer.status} ${JSON.stringify(answer.body)}`);
      }
    }
  });
  expect(statements).toEqual([]);
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toMatch(/^403 /);
  expect(answers[0]).toContain('errors.dataroomDenied');
});

test.each<[string, unknown, number, number]>([
  ['absent', undefined, 200, 403],
  ['without clients', {}, 200, 403],
  ['of all clients', { clients: ['*'] }, 200, 404],
  ['of both', { clients: ['200', '100'] }, 200, 404],
  ['of another', { clients: ['200'] }, 403, 404],
  ['empty', { clients: [] }, 403, 403],
  ['a text', { clients: '100' }, 403, 403],
  ['with a number', { clients: [100, '100'] }, 403, 403],
  ['null', null, 403, 403],
  ['an array', ['100'], 403, 403],
  ['with a star among others', { clients: ['*', '100'] }, 200, 403],
  ['with invalid client names', { clients: ['100', 'a\u0000', '\ud800', ''] }, 200, 403],
])('4.1, 4.3 a data room %s', async (_, dataRoom, own, foreign) => {
  const token = await fixture.app.token({ data_room: dataRoom });
  expect((await send(fixture.app, 'GET', credential, { token })).status).toBe(own);
  const path = `${fixture.path('helper-7', '200')}/cert-1`;
  expect((await send(fixture.app, 'GET', path, { token })).status).toBe(foreign);
});

test('4.1 C1 the list of clients has the existing clients of a data room with invalid names', async () => {
  const token = await fixture.app.token({ data_room: { clients: ['100', 'a\u0000', '\ud800', '*', 'é'] } });
  const answer = await send(fixture.app, 'GET', `${CORE}/clients?returnTotalResultCount=true`, { token });
  expect(answer).toMatchObject({ status: 200, body: { items: [{ extId: '100' }], _pagination: { totalResult: 1 } } });
});

test('4.3 inside the data room an unknown client, user and credential get the same 404', async () => {
  const token = await fixture.app.token({ data_room: { clients: ['*'] } });
  await fixture.builders.user('100', 'helper-8');
  const headers = { 'X-Request-Id': 'same-for-all' };
  const bodies = new Set<string>();
  for (const path of [
    `${fixture.path('helper-7', 'nowhere')}/cert-1`,
    `${fixture.path('nobody')}/cert-1`,
    `${fixture.path('helper-8')}/cert-1`,
    `${fixture.path('helper-7', '200')}/cert-1`,
    `${fixture.path()}/nothing`,
  ]) {
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const body = method === 'PATCH' ? { body: { version: 7 } } : {};
      const answer = await send(fixture.app, method, path, { token, headers, ...body });
      expect(answer.status).toBe(404);
      bodies.add(JSON.stringify(answer.body));
    }
  }
  for (const path of [fixture.path('nobody'), fixture.path('helper-7', 'nowhere')]) {
    bodies.add(JSON.stringify((await send(fixture.app, 'GET', path, { token, headers })).body));
    const body = { certificate: await fixture.pem('lost') };
    bodies.add(JSON.stringify((await send(fixture.app, 'POST', path, { token, headers, body })).body));
  }
  expect([...bodies]).toEqual([
    '{"errors":[{"code":"errors.noRecord","message":"There is no such record.","requestId":"same-for-all"}]}',
  ]);
});
