import { afterAll, beforeAll, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { codesOf, CORE, send } from '../support/http.js';
import { sendRaw } from '../support/raw-http.js';

let fixture: Fixture;
let credential: string;
let authorization: readonly [string, string];

beforeAll(async () => {
  fixture = await Fixture.start();
  credential = await fixture.register('cert-1');
  authorization = ['Authorization', `Bearer ${fixture.token}`];
});

afterAll(async () => await fixture.app.close());

const USERS = `${CORE}/100/users`;

test.each([
  ['a trailing slash', () => `${credential}/`],
  ['a trailing slash of the list', () => `${fixture.path()}/`],
  ['another case', () => credential.replace('/users/', '/Users/')],
  ['another case in the base path', () => credential.replace('/core/', '/CORE/')],
  ['a doubled slash', () => credential.replace('/certificates/', '/certificates//')],
  ['an id with U+0000', () => `${fixture.path()}/%00`],
  ['an id with a line feed', () => `${fixture.path()}/a%0ab`],
  ['the id ..', () => `${fixture.path()}/..`],
  ['the id .., encoded', () => `${fixture.path()}/%2e%2e`],
  ['the id .', () => `${fixture.path()}/.`],
  ['an id that is too long', () => `${fixture.path()}/${'x'.repeat(51)}`],
  ['an id with characters that are not allowed', () => `${fixture.path()}/%F0%9F%98%80`],
  ['the user ..', () => `${USERS}/../certificates/cert-1`],
  ['a client called like a route', () => `${CORE}/system/users/helper-7/certificates/cert-1`],
  ['no route', () => '/nothing'],
  ['the root', () => '/'],
])('1.1, 7.1 a path with %s is 404 in the error shape for an authenticated caller', async (_, path) => {
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    const answer = await sendRaw(fixture.app, method, path(), [authorization], method === 'PATCH' ? '{}' : '');
    expect([answer.status, answer.body.errors[0].code]).toEqual([404, 'errors.noRecord']);
    expect(answer.head).toMatch(/content-type: application\/json/i);
  }
});

test.each(['%', '%zz', '%ff', '%c0%af', '%ed%a0%80'])('7.1 a path with the undecodable %s is 400', async (id) => {
  const answer = await sendRaw(fixture.app, 'GET', `${fixture.path()}/${id}`, [authorization]);
  expect([answer.status, answer.body.errors[0].code]).toEqual([400, 'errors.malformedRequest']);
});

test('2.2 a percent-encoded slash is part of the id', async () => {
  const path = await fixture.register('a/b');
  const answer = await sendRaw(fixture.app, 'GET', path.replace('a/b', 'a%2Fb'), [authorization]);
  expect(answer.body.extId).toBe('a/b');
  expect((await sendRaw(fixture.app, 'GET', path, [authorization])).status).toBe(404);
});

test('7.1 an unsupported method is 405 with the allowed ones, with or without a token', async () => {
  for (const [method, path, allow] of [
    ['PUT', credential, 'DELETE, GET, HEAD, PATCH'],
    ['POST', credential, 'DELETE, GET, HEAD, PATCH'],
    ['OPTIONS', credential, 'DELETE, GET, HEAD, PATCH'],
    ['TRACE', credential, 'DELETE, GET, HEAD, PATCH'],
    ['PATCH', fixture.path(), 'GET, HEAD, POST'],
    ['DELETE', fixture.path(), 'GET, HEAD, POST'],
    ['OPTIONS', fixture.path(), 'GET, HEAD, POST'],
  ] as const) {
    const answer = await sendRaw(fixture.app, method, path, []);
    expect([method, answer.status, answer.body.errors[0].code]).toEqual([method, 405, 'errors.methodNotAllowed']);
    expect(/^allow: (.*)$/im.exec(answer.head)?.[1]).toBe(allow);
  }
  const nowhere = await sendRaw(fixture.app, 'OPTIONS', '/nothing', []);
  expect([nowhere.status, nowhere.body.errors[0].code]).toEqual([404, 'errors.noRecord']);
});

test('7.1 HEAD answers as GET without the body, refusals included', async () => {
  const head = async (path: string, token?: string) =>
    await fetch(fixture.app.url + path, {
      method: 'HEAD',
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    });
  const answer = await head(credential, fixture.token);
  expect([answer.status, answer.headers.get('etag'), await answer.text()]).toEqual([200, '"1"', '']);
  expect((await head(credential)).status).toBe(401);
  expect((await head(`${fixture.path()}/nothing`, fixture.token)).status).toBe(404);
});

test('9 a GET with a media type and no body is answered', async () => {
  const headers = { 'Content-Type': 'application/json' };
  expect((await send(fixture.app, 'GET', credential, { token: fixture.token, headers })).status).toBe(200);
});

test('3.5 the body of a DELETE is ignored', async () => {
  const path = await fixture.register('with-body');
  const answer = await send(fixture.app, 'DELETE', path, {
    token: fixture.token,
    body: 'x'.repeat(140_000),
    headers: { 'Content-Type': 'text/plain' },
  });
  expect(answer.status).toBe(204);
  expect(codesOf(await fixture.read(path))).toEqual(['errors.noRecord']);
});

test('1.1 a fixed path segment is not taken for an id', async () => {
  const answer = await send(fixture.app, 'PATCH', '/mtls/account/100/certificates/by-file');
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, PUT']);
});
