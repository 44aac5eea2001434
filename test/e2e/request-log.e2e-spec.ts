import { afterAll, beforeAll, expect, test } from 'vitest';

import { Secret } from '../../src/common/secret.js';
import type { Settings } from '../../src/config/settings.js';
import type { TestApp } from '../support/app.js';
import { Fixture } from '../support/fixture.js';
import { send, type Sending } from '../support/http.js';
import { sendBytes, sendRaw } from '../support/raw-http.js';

let fixture: Fixture;
let credential: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  credential = await fixture.register('cert-1', { policyExtId: 'strict' });
});

afterAll(async () => await fixture.app.close());

const events = () => fixture.app.log.map((line) => JSON.parse(line) as Record<string, unknown>);
const eventsOf = (requestId: string) => events().filter((event) => event['requestId'] === requestId);

test('7.1 each request is logged once, refused ones too', async () => {
  const { token } = fixture;
  const self = await fixture.app.token({ sub: 'helper-7', roles: ['nevisIdm.SelfAdmin'] });
  const requests: [string, string, Sending, number, object][] = [
    ['GET', credential, { token }, 200, { actor: 'admin-1', actorClient: '100', mode: 'administrator' }],
    ['GET', credential, { token: self }, 200, { actor: 'helper-7', mode: 'selfAdmin' }],
    ['GET', '/nevisidm/api/principal/v1/me', { token: self }, 200, { actor: 'helper-7', mode: 'selfAdmin' }],
    ['GET', '/nevisidm/api/principal/v1/permissions', { token: self }, 200, { mode: 'selfAdmin' }],
    ['GET', '/nevisidm/api/principal/v1/permissions', { token }, 200, { mode: 'administrator' }],
    ['POST', '/nevisidm/api/principal/v1/token', { token: self, body: {} }, 422, { mode: 'selfAdmin' }],
    ['PATCH', credential, { token, body: {} }, 200, {}],
    ['DELETE', `${fixture.path()}/x`, { token }, 404, { code: 'errors.noRecord' }],
    ['GET', credential, {}, 401, { code: 'errors.unauthenticated', internal: 'bearer: No auth token' }],
    ['GET', credential, { token: 'x.y.z' }, 401, { code: 'errors.unauthenticated' }],
    ['PATCH', credential, { token: self, body: {} }, 401, { internal: 'x-token: absent', actor: 'helper-7' }],
    [
      'GET',
      `${fixture.path('helper-7', '200')}/x`,
      { token },
      403,
      { code: 'errors.dataroomDenied', actor: 'admin-1' },
    ],
    ['PATCH', credential, { token, body: '{' }, 400, { code: 'errors.malformedRequest' }],
    ['PATCH', credential, { token, body: { x: 1 } }, 422, { code: 'errors.invalidData' }],
    ['PATCH', credential, { token, body: { version: 7 } }, 409, { code: 'errors.optimisticLockingFailure' }],
    ['PUT', credential, { token }, 405, { code: 'errors.methodNotAllowed' }],
    ['OPTIONS', credential, {}, 405, { code: 'errors.methodNotAllowed' }],
    ['GET', '/nothing', {}, 404, { code: 'errors.noRecord' }],
    ['GET', `${fixture.path()}/%zz`, {}, 400, { code: 'errors.malformedRequest' }],
  ];
  for (const [index, [method, path, sending, status, members]] of requests.entries()) {
    const requestId = `event-${index}`;
    const answer = await send(fixture.app, method, path, { ...sending, headers: { 'X-Request-Id': requestId } });
    await expect.poll(() => eventsOf(requestId).length).toBe(1);
    expect([answer.status, eventsOf(requestId)[0]]).toMatchObject([status, { method, path, status, ...members }]);
    expect(eventsOf(requestId)[0]?.['milliseconds']).toBeTypeOf('number');
  }
});

test('7.1 no token, body, certificate or query is logged, whatever the answer', async () => {
  const { app, token } = fixture;
  const bearer = token.split('.').slice(1);
  const own = await app.token({ sub: 'helper-7', roles: ['nevisIdm.SelfAdmin'] });
  const xToken = await app.xToken('helper-7');
  const pem = await fixture.pem('logged', { notAfter: '2030-01-01T00:00:00Z' });
  const secrets = [
    'never-in-a-log',
    pem.slice(40, 100),
    ...bearer,
    ...own.split('.').slice(1),
    ...xToken.split('.').slice(1),
  ];
  const body = { certificate: pem, modificationComment: 'never-in-a-log', 'never-in-a-log': 1 };
  for (const sent of [
    body,
    { certificate: pem, modificationComment: 'never-in-a-log' },
    JSON.stringify(body).slice(1),
  ]) {
    await send(app, 'PATCH', `${credential}?x=never-in-a-log`, { token, body: sent });
    await send(app, 'PATCH', credential, { token, body: sent });
    await send(app, 'PATCH', credential, { token: own, xToken, body: sent });
    await send(app, 'PATCH', credential, { token: own, xToken: `${xToken}x`, body: sent });
    await send(app, 'PATCH', credential, { token: `${token}x`, body: sent });
    await send(app, 'POST', fixture.path(), { token, body: sent });
  }
  const accepted = { certificate: await fixture.pem('accepted'), modificationComment: 'never-in-a-log' };
  expect((await send(app, 'PATCH', credential, { token: own, xToken, body: accepted })).status).toBe(200);
  await sendBytes(app, `GET / HTTP/1.1\r\nAuthorization: Bearer ${token}\r\nX-Token never-in-a-log\r\n\r\n`);
  for (const secret of [...secrets, accepted.certificate.slice(40, 100)]) {
    expect(secret.length).toBeGreaterThan(10);
    expect(app.log.filter((line) => line.includes(secret))).toEqual([]);
  }
});

test('7.1 path, request id and subject cannot forge a line of the log', async () => {
  const { app, token } = fixture;
  const before = app.log.length;
  await sendRaw(app, 'GET', `${fixture.path()}/%0a{"level":50}%E2%80%AE`, [['Authorization', `Bearer ${token}`]]);
  const id = await send(app, 'GET', credential, { token, headers: { 'X-Request-Id': 'a"b' } });
  expect(id.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  const forged = await app.token({ sub: 'eve\u202enimda', client_ext_id: '100' });
  await send(app, 'GET', credential, { token: forged });
  await expect.poll(() => app.log.length).toBe(before + 3);
  for (const line of app.log.slice(before)) {
    expect(line.trimEnd()).toMatch(/^[\x20-\x7e]*$/);
    expect((JSON.parse(line) as { level: number }).level).toBe(30);
  }
});

async function addressOf(app: TestApp, headers: [string, string][]): Promise<unknown> {
  const before = app.log.length;
  await sendRaw(app, 'GET', '/nothing', headers);
  await expect.poll(() => app.log.length).toBe(before + 1);
  return (JSON.parse(app.log[before] ?? '{}') as Record<string, unknown>)['address'];
}

test('7.1 the logged address is the nearest hop that is not a trusted proxy', async () => {
  const forwarded: [string, string] = ['X-Forwarded-For', '198.51.100.9, ::ffff:203.0.113.5, 10.0.0.7'];
  expect(await addressOf(fixture.app, [])).toBe('127.0.0.1');
  expect(await addressOf(fixture.app, [forwarded])).toBe('127.0.0.1');
  const { app } = await Fixture.start({ trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'] });
  expect(await addressOf(app, [])).toBe('127.0.0.1');
  expect(await addressOf(app, [forwarded])).toBe('203.0.113.5');
  expect(await addressOf(app, [forwarded, ['x-forwarded-for', '192.0.2.1']])).toBe('192.0.2.1');
  expect(await addressOf(app, [['X-Forwarded-For', 'unknown']])).toBe('127.0.0.1');
  await app.close();
});

test('7.1 request ids are accepted from trusted proxies only, and from any caller in the embedded mode', async () => {
  const sent = 'from-a-proxy';
  const idOf = async (settings: Partial<Settings>) => {
    const { app } = await Fixture.start(settings);
    const answer = await send(app, 'GET', '/nothing', { headers: { 'X-Request-Id': sent } });
    await app.close();
    expect(answer.body.errors[0].requestId).toBe(answer.headers.get('x-request-id'));
    return answer.headers.get('x-request-id');
  };
  const database = { ...fixture.app.settings.database, url: new Secret('postgres://elsewhere') };
  expect(await idOf({})).toBe(sent);
  expect(await idOf({ database, trustedProxies: ['127.0.0.1'] })).toBe(sent);
  expect(await idOf({ database })).toMatch(/^[0-9a-f-]{36}$/);
  expect(await idOf({ database, trustedProxies: ['10.0.0.0/8'] })).toMatch(/^[0-9a-f-]{36}$/);
});
