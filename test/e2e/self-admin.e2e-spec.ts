import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import type { UserRow } from '../../src/users/user.table.js';
import { Fixture } from '../support/fixture.js';
import { type Answer, codesOf, CORE, send, type Sending } from '../support/http.js';
import { sendRaw } from '../support/raw-http.js';

let fixture: Fixture;
let token: string;
let xToken: string;
let credential: string;
let before: string;

const SELF = { sub: 'helper-7', roles: ['nevisIdm.SelfAdmin'] };

beforeAll(async () => {
  fixture = await Fixture.start();
  token = await fixture.app.token(SELF);
  xToken = await fixture.app.xToken('helper-7');
  credential = await fixture.register('own');
  await fixture.builders.user('100', 'helper-8');
  await fixture.register('of-helper-8', {}, 'helper-8');
  await fixture.builders.client('200');
  await fixture.builders.user('200', 'helper-7');
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => {
  before = await fixture.stored();
});

const self = async (method: string, path: string, sending: Sending = {}): Promise<Answer> =>
  await send(fixture.app, method, path, { token, ...sending });

/** The answers of all changing routes to a request with this X-Token. */
async function changes(sending: Sending): Promise<Answer[]> {
  return [
    await self('PATCH', credential, { body: { modificationComment: 'changed' }, ...sending }),
    await self('POST', fixture.path(), { body: { certificate: await fixture.pem('self-made') }, ...sending }),
    await self('DELETE', credential, sending),
  ];
}

test('4.4 self-admins can read their own credentials only, without rights and without an X-Token', async () => {
  expect((await self('GET', credential)).body.extId).toBe('own');
  expect((await self('GET', fixture.path())).body.items).toHaveLength(1);
  expect((await self('GET', `${fixture.path()}/nothing`)).status).toBe(404);
  // Their own path with another user's credential: the same 404 as for an unknown one.
  expect((await self('GET', `${fixture.path()}/of-helper-8`)).status).toBe(404);
});

test('4.4 every other path is 403, whether or not it exists', async () => {
  for (const path of [
    `${fixture.path('helper-8')}/of-helper-8`,
    `${fixture.path('helper-8')}/nothing`,
    `${fixture.path('nobody')}/nothing`,
    `${CORE}/200/users/helper-7/certificates/own`,
    `${CORE}/nowhere/users/helper-7/certificates/own`,
  ]) {
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const answer = await self(method, path, { xToken, ...(method === 'PATCH' ? { body: {} } : {}) });
      expect([answer.status, codesOf(answer)]).toEqual([403, ['errors.permissionDenied']]);
    }
  }
  expect(await fixture.stored()).toBe(before);
});

test('4.4 the self-admin mode needs SelfAdmin, and also applies where only the data room is missing', async () => {
  const nobody = await fixture.app.token({ ...SELF, roles: [] });
  expect((await send(fixture.app, 'GET', credential, { token: nobody })).status).toBe(403);
  const outsideDataRoom = {
    sub: 'helper-7',
    roles: ['nevisIdm.SelfAdmin', 'nevisIdm.Helpdesk'],
    data_room: { clients: [] },
  };
  expect((await send(fixture.app, 'GET', credential, { token: await fixture.app.token(outsideDataRoom) })).status).toBe(
    200,
  );
});

test.each<[string, Partial<UserRow>]>([
  ['disabled', { state: 'disabled' }],
  ['archived', { state: 'archived' }],
  ['not valid yet', { validFrom: new Date('2026-06-01T12:00:00.001Z') }],
  ['no longer valid', { validTo: new Date('2026-06-01T11:59:59.999Z') }],
])('4.4 a user who is %s gets 403 everywhere, also for an unknown credential', async (_, columns) => {
  const users = fixture.app.dataSource.getRepository<UserRow>('users');
  const key = { clientExtId: '100', extId: 'helper-7' };
  await users.update(key, columns);
  const answers = [
    await self('GET', credential),
    await self('GET', `${fixture.path()}/nothing`),
    await self('GET', fixture.path()),
    ...(await changes({ xToken })),
  ];
  await users.update(key, { state: 'active', validFrom: null, validTo: null });
  for (const answer of answers) {
    expect([answer.status, codesOf(answer)]).toEqual([403, ['errors.permissionDenied']]);
  }
  expect(await fixture.stored()).toBe(before);
});

test('4.4 an unknown user gets 403, not 404', async () => {
  const unknownUser = await fixture.app.token({ ...SELF, sub: 'unknownUser' });
  for (const path of [fixture.path('unknownUser'), `${fixture.path('unknownUser')}/own`]) {
    expect((await send(fixture.app, 'GET', path, { token: unknownUser })).status).toBe(403);
  }
});

test('4.5 every change needs an X-Token, and no other token is accepted for it', async () => {
  const { app } = fixture;
  const now = Math.floor(app.clock.now().getTime() / 1000);
  const signed = async (claims: Record<string, unknown>, key = app.settings.xToken.key) =>
    await new SignJWT({
      sub: 'helper-7',
      client_ext_id: '100',
      aud: 'certkeep:x-token',
      iat: now,
      exp: now + 60,
      jti: 'x',
      ...claims,
    })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(key);
  expect((await self('PATCH', credential, { body: {}, xToken: await signed({}) })).status).toBe(200);
  for (const forged of [
    undefined,
    '',
    'x',
    token,
    `Bearer ${xToken}`,
    await app.xToken('helper-8'),
    await app.xToken('helper-7', '200'),
    await signed({ exp: now - 61 }),
    await signed({ exp: undefined }),
    await signed({ jti: undefined }),
    await signed({ iat: undefined }),
    await signed({ aud: 'certkeep' }),
    await signed({}, app.tokenKey),
  ]) {
    for (const answer of await changes({ xToken: forged })) {
      expect([answer.status, codesOf(answer)]).toEqual([401, ['errors.unauthenticated']]);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer error="insufficient_user_authentication"');
      expect(answer.body.errors[0]).toMatchObject({ message: 'A valid X-Token is required.', field: 'X-Token' });
    }
  }
  expect(await fixture.stored()).toBe(before);
});

test('4.5 an X-Token that is sent twice is refused, also with equal values', async () => {
  for (const method of ['PATCH', 'DELETE']) {
    const answer = await sendRaw(
      fixture.app,
      method,
      credential,
      [
        ['Authorization', `Bearer ${token}`],
        ['X-Token', xToken],
        ['x-token', xToken],
      ],
      method === 'PATCH' ? '{}' : '',
    );
    expect([answer.status, answer.body.errors[0].code]).toEqual([401, 'errors.unauthenticated']);
  }
  expect(await fixture.stored()).toBe(before);
});

test('4.5 an X-Token is verified also where none is needed', async () => {
  expect((await self('GET', credential, { xToken })).status).toBe(200);
  expect((await self('GET', credential, { xToken: 'x' })).status).toBe(401);
});

test('4.6 users can register their own certificate as initial, active or disabled only', async () => {
  const post = async (extId: string, stateName?: string) => {
    const body = { extId, certificate: await fixture.pem(extId), ...(stateName === undefined ? {} : { stateName }) };
    return await self('POST', fixture.path(), { xToken, body });
  };
  expect((await post('no-state')).body).toMatchObject({ stateName: 'active', stateChangeReason: 'cert-uploaded' });
  for (const stateName of ['initial', 'active', 'disabled']) {
    expect((await post(`as-${stateName}`, stateName)).body).toMatchObject({ stateName, version: 1 });
  }
  before = await fixture.stored();
  for (const stateName of ['tmp-locked', 'fail-locked', 'reset-code', 'admin-changed', 'archived']) {
    const answer = await post(`as-${stateName}`, stateName);
    expect([answer.status, codesOf(answer)]).toEqual([422, ['errors.stateTransitionDenied']]);
  }
  expect(await fixture.stored()).toBe(before);
});

test('4.6 users cannot choose a policy: the 403 names the member, for every policy', async () => {
  before = await fixture.stored();
  for (const policyExtId of ['default', 'strict', 'unknown']) {
    for (const query of ['', '?dryRun=true']) {
      const body = { certificate: await fixture.pem('chosen'), policyExtId };
      const answer = await self('POST', `${fixture.path()}${query}`, { xToken, body });
      expect([answer.status, answer.body.errors]).toMatchObject([
        403,
        [{ code: 'errors.permissionDenied', field: 'policyExtId' }],
      ]);
    }
  }
  expect(await fixture.stored()).toBe(before);
});

test('6 a policy without uploads refuses self-admins, but not administrators', async () => {
  await fixture.builders.policy('100', 'no-upload', { allowCertificateUpload: 'false' });
  const path = await fixture.register('by-administrator', { policyExtId: 'no-upload' });
  await fixture.app.dataSource.query(
    `update policies set parameters = '{"allowCertificateUpload":"false"}' where ext_id = 'default'`,
  );
  before = await fixture.stored();
  const certificate = await fixture.pem('renewed');
  const answers = [
    await self('PATCH', path, { xToken, body: { certificate } }),
    await self('POST', fixture.path(), { xToken, body: { certificate } }),
  ];
  await fixture.app.dataSource.query(`update policies set parameters = '{}' where ext_id = 'default'`);
  for (const answer of answers) {
    expect([answer.status, answer.body.errors[0]]).toMatchObject([
      422,
      { code: 'errors.certificatePolicyViolated', rule: 'allowCertificateUpload' },
    ]);
  }
  expect(await fixture.stored()).toBe(before);
});

test('4.4, 5.4 users can change, replace and delete their own certificates', async () => {
  const path = await fixture.register('own-2');
  const disabled = await self('PATCH', path, { xToken, body: { stateName: 'disabled', modificationComment: 'lost' } });
  expect(disabled.body).toMatchObject({ version: 2, stateName: 'disabled', stateChangeReason: 'changed-by-user' });
  const stale = await self('PATCH', path, { xToken, body: { version: 1 } });
  expect([stale.status, stale.body.errors[0]]).toMatchObject([409, { currentVersion: 2, changedBy: 'helper-7' }]);
  expect((await self('PATCH', path, { xToken, body: { certificate: await fixture.pem('new') } })).body.version).toBe(3);
  expect((await self('DELETE', path, { xToken })).status).toBe(204);
});
