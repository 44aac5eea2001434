import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import openapi from '../../docs/openapi.json' with { type: 'json' };
import { Fixture } from '../support/fixture.js';
import { type Answer, send } from '../support/http.js';

const ROUTES = Object.entries(openapi.paths).flatMap(([path, operations]) =>
  Object.keys(operations).map((method) => ({ method: method.toUpperCase(), path })),
);
const READS = ROUTES.filter(({ method }) => method === 'GET');

const CLIENT = '100';

let fixture: Fixture;
let token: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  await fixture.register('cert-1');
  token = await fixture.app.token({
    sub: 'helper-7',
    roles: ['nevisIdm.Root', 'nevisIdm.MtlsAdmin', 'nevisIdm.SelfAdmin'],
    data_room: { clients: ['*'] },
  });
});

afterAll(async () => await fixture.app.close());

/** Some of the ids exist and some do not; HEAD and GET must agree in both cases. */
function filled(path: string): string {
  const extId = path.includes('/certificates/') ? 'cert-1' : CLIENT;
  const ids: Readonly<Record<string, string>> = {
    clientExtId: CLIENT,
    accountId: CLIENT,
    userExtId: 'helper-7',
    extId,
    name: 'crl-1',
    certificateId: '4000000000',
    id: '00000000-0000-4000-8000-000000000000',
  };
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ids[name] ?? ''));
}

/** The headers without the date and those of the connection. */
function headersOf({ headers }: Answer): Record<string, string> {
  const { date: _, connection: __, 'keep-alive': ___, ...rest } = Object.fromEntries(headers);
  return rest;
}

describe.each(READS)('1.1 HEAD $path answers as GET does, without the body', ({ path }) => {
  test.each<[string, string, Record<string, string>]>([
    ['without a query', '', {}],
    ['a dry run', '?dryRun=true', {}],
    ['an If-Match that cannot be read', '', { 'If-Match': 'x' }],
    ['an If-Match of another version', '', { 'If-Match': '"77"' }],
    ['an unknown parameter', '?unknown=1', {}],
    ['without a token', '', { Authorization: '' }],
  ])('1.1 %s', async (_, query, headers) => {
    const sending = { token, headers: { 'X-Request-Id': 'same-for-both', ...headers } };
    const get = await send(fixture.app, 'GET', filled(path) + query, sending);
    const head = await send(fixture.app, 'HEAD', filled(path) + query, sending);
    expect([head.status, headersOf(head)]).toEqual([get.status, headersOf(get)]);
    expect(head.body).toBeUndefined();
  });
});

test.each(ROUTES)('8.3 $method $path refuses unknown query parameters by name', async ({ method, path }) => {
  const body = ['POST', 'PUT', 'PATCH'].includes(method) && !/by-?file|multipart/i.test(path) ? {} : undefined;
  const answer = await send(fixture.app, method, `${filled(path)}?foo=1&b%20r=2`, {
    token,
    ...(body === undefined ? {} : { body }),
  });
  expect(answer.status).toBe(422);
  const messages = (answer.body.errors as { message: string }[]).map(({ message }) => message).join(' ');
  expect(messages).toMatch('foo is not a query parameter of this path');
  expect(messages).toMatch('b r is not a query parameter of this path');
});

test('10.2 ?at= is 422 on routes that do not support it, and a repeated one on all routes', async () => {
  for (const { method, path } of ROUTES) {
    if (method !== 'GET' || /\/(?:certificates|policies|trust-anchor-sets)\/\{extId\}$/.test(path)) continue;
    const answer = await send(fixture.app, 'GET', `${filled(path)}?at=2026-01-31T00:00:00Z`, { token });
    expect([path, answer.status]).toEqual([path, 422]);
  }
  const twice = '?at=2026-01-31T00:00:00Z&at=2026-01-31T00:00:00Z';
  expect((await fixture.read(`${fixture.path()}/cert-1${twice}`)).status).toBe(422);
});
