import { afterAll, beforeAll, expect, test } from 'vitest';

import type { PageBody } from '../../src/common/page.js';
import { STATE_CHANGE_REASONS } from '../../src/credentials/credential-state.rules.js';
import { startApp, START_OF_TIME, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { type Answer, CORE, codesOf, send } from '../support/http.js';

let app: TestApp;

const PRINCIPAL = '/nevisidm/api/principal/v1';

beforeAll(async () => {
  app = await startApp();
  const builders = new Builders(app.dataSource);
  await builders.client('100');
  await builders.user('100', 'jane', {
    firstName: 'Jane',
    familyName: 'Doe',
    email: 'jane@acme.example',
    languageCode: 'DE',
    loginId: 'jane.doe',
  });
  await builders.user('100', 'bare');
  await builders.user('100', 'gone', { state: 'disabled' });
  await builders.user('100', 'late', { validTo: new Date(Date.parse(START_OF_TIME) - 1) });
});

afterAll(async () => await app.close());

const get = async (path: string, claims: object): Promise<Answer> =>
  await send(app, 'GET', path, { token: await app.token({ roles: ['nevisIdm.SelfAdmin'], ...claims }) });

test('1.3 T2 answers the user of the caller', async () => {
  expect((await get(`${PRINCIPAL}/me`, { sub: 'jane' })).body).toEqual({
    userExtId: 'jane',
    loginId: 'jane.doe',
    fullName: 'Jane Doe',
    email: 'jane@acme.example',
    displayLanguageCode: 'DE',
    clientExtId: '100',
    clientName: '100',
  });
});

test('2.1 members without a value are left out of T2', async () => {
  expect((await get(`${PRINCIPAL}/me`, { sub: 'bare' })).body).toEqual({
    userExtId: 'bare',
    loginId: 'bare',
    clientExtId: '100',
    clientName: '100',
  });
});

test.each<[string, object, number, string]>([
  ['4.1 an administrator who is not a user of the client', { sub: 'admin-1' }, 404, 'errors.noRecord'],
  ['4.1 a user of this extId in another client', { sub: 'jane', client_ext_id: '200' }, 404, 'errors.noRecord'],
  ['4.4 a disabled user', { sub: 'gone' }, 403, 'errors.permissionDenied'],
  ['4.4 a user outside their validity', { sub: 'late' }, 403, 'errors.permissionDenied'],
  ['4.3 a caller without SelfAdmin', { sub: 'jane', roles: ['nevisIdm.UserAdmin'] }, 403, 'errors.permissionDenied'],
])('%s gets no T2', async (_, claims, status, code) => {
  const answer = await get(`${PRINCIPAL}/me`, claims);
  expect([answer.status, codesOf(answer)]).toEqual([status, [code]]);
});

test('1.3 T3 answers the sorted rights of any caller', async () => {
  const answer = await get(`${PRINCIPAL}/permissions`, {
    roles: ['nevisIdm.SelfAdmin', 'nobody.knows'],
    permissions: ['AccessControl.UserView', 'AccessControl.ClientView', 'AccessControl.NoSuchRight'],
  });
  expect(answer.body).toEqual({
    elementaryPermissions: ['AccessControl.ClientView', 'AccessControl.SelfAdmin', 'AccessControl.UserView'],
  });
  expect((await get(`${PRINCIPAL}/permissions`, { roles: undefined })).body).toEqual({ elementaryPermissions: [] });
});

test('5.4 Y1 lists every reason for any caller', async () => {
  const answer = await get(`${CORE}/system/credential-state-change-reasons`, { roles: undefined });
  const items = STATE_CHANGE_REASONS.map((name) => ({ name }));
  expect(answer.body).toEqual({ items, _pagination: { limit: 100 }, _classifications: {} });
});

test('8.1 Y1 is paged like every list', async () => {
  const path = `${CORE}/system/credential-state-change-reasons`;
  const names: string[] = [];
  let query = '?limit=4&returnTotalResultCount=true';
  for (let page = 0; page < 4; page += 1) {
    const { items, _pagination: pagination } = (await get(`${path}${query}`, {})).body as PageBody<{ name: string }>;
    names.push(...items.map(({ name }) => name));
    expect(pagination).toMatchObject({ limit: 4, totalResult: STATE_CHANGE_REASONS.length });
    query = `?limit=4&returnTotalResultCount=true&continuationToken=${pagination.continuationToken ?? 'none'}`;
  }
  expect([names, query.endsWith('=none')]).toEqual([[...STATE_CHANGE_REASONS], true]);
  for (const wrong of ['limit=1001', 'continuationToken=0_nothing', 'continuationToken=1_reset', 'sortBy=name']) {
    const answer = await get(`${path}?${wrong}`, {});
    expect([answer.status, codesOf(answer)]).toEqual([422, ['errors.invalidData']]);
  }
});

test.each([`${PRINCIPAL}/me`, `${PRINCIPAL}/permissions`, `${CORE}/system/credential-state-change-reasons`])(
  '4.1 %s without a token is 401',
  async (path) => {
    const answer = await send(app, 'GET', path);
    expect([answer.status, codesOf(answer)]).toEqual([401, ['errors.unauthenticated']]);
  },
);
