import { afterAll, beforeAll, expect, test } from 'vitest';

import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { CORE, codesOf, send } from '../support/http.js';
import { issueCertificate } from '../support/pki.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const CERTIFICATES = `${CORE}/100/users/helper-7/certificates`;

let app: TestApp;
let wire: TcpProxy;
let token: string;

beforeAll(async () => {
  app = await startApp({}, async (url) => {
    wire = await TcpProxy.to(url);
    return wire.url;
  });
  const builders = new Builders(app.dataSource);
  await builders.client('100');
  await builders.policy('100', 'default');
  await builders.user('100', 'helper-7');
  token = await app.token();
});

afterAll(async () => {
  await app.close();
  await wire.cut();
});

test('7.1 an unreachable database is 503 with Retry-After, nothing is half done, and the server recovers by itself', async () => {
  const { pem } = await issueCertificate({ subject: 'CN=Jane' });
  const body = { extId: 'cert-1', certificate: pem };
  expect((await send(app, 'POST', CERTIFICATES, { token, body })).status).toBe(201);

  await wire.cut();
  for (const [method, path, sent] of [
    ['GET', `${CERTIFICATES}/cert-1`, undefined],
    ['GET', CERTIFICATES, undefined],
    ['PATCH', `${CERTIFICATES}/cert-1`, { modificationComment: 'lost' }],
    ['POST', CERTIFICATES, { certificate: pem }],
    ['DELETE', `${CERTIFICATES}/cert-1`, undefined],
    ['POST', `${CORE}/clients`, { name: 'new' }],
  ] as const) {
    const reaching = path.endsWith('clients') ? await app.token({ data_room: { clients: ['*'] } }) : token;
    const answer = await send(app, method, path, { token: reaching, body: sent });
    expect([answer.status, codesOf(answer)], `${method} ${path}`).toEqual([503, ['errors.unavailable']]);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  const ready = await fetch(`${app.url}/health/ready`);
  expect([ready.status, ((await ready.json()) as { parts: { database: string } }).parts.database]).toEqual([
    503,
    'down',
  ]);
  expect((await fetch(`${app.url}/health/live`)).status).toBe(200);
  // 401 and 403 need no database.
  expect((await send(app, 'GET', CERTIFICATES)).status).toBe(401);

  await wire.restore();
  const read = await send(app, 'GET', `${CERTIFICATES}/cert-1`, { token });
  expect([read.status, read.body.version, read.body.modificationComment]).toEqual([200, 1, undefined]);
  expect((await fetch(`${app.url}/health/ready`)).status).toBe(200);
});
