import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { type Answer, codesOf, refusalOf, send } from '../support/http.js';

let fixture: Fixture;
let credential: string;
let before: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  credential = await fixture.register('cert-1', { certificate: await fixture.pem('first') });
  before = await fixture.stored();
});

afterAll(async () => await fixture.app.close());

const fieldsOf = ({ body }: Answer) => (body.errors as { field: string }[]).map(({ field }) => field);

const BODIES: readonly [string, string | object, Record<string, string>, number, string][] = [
  ['not JSON', '{"version":', {}, 400, 'errors.malformedRequest'],
  ['an array', [], {}, 400, 'errors.malformedRequest'],
  ['null', 'null', {}, 400, 'errors.malformedRequest'],
  ['a text', '"certificate"', {}, 400, 'errors.malformedRequest'],
  ['a byte order mark alone', '\ufeff', {}, 400, 'errors.malformedRequest'],
  ['130 KiB', { modificationComment: 'x'.repeat(130 * 1024) }, {}, 413, 'errors.payloadTooLarge'],
  ['another media type', '{}', { 'Content-Type': 'text/plain' }, 415, 'errors.unsupportedMediaType'],
  ['a form', 'version=1', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415, 'errors.unsupportedMediaType'],
  ['another charset', '{}', { 'Content-Type': 'application/json; charset=utf-16' }, 415, 'errors.unsupportedMediaType'],
  [
    'another charset in quotes',
    '{}',
    { 'Content-Type': 'application/json; a=b; charset="latin1"' },
    415,
    'errors.unsupportedMediaType',
  ],
  ['a content coding', '{}', { 'Content-Encoding': 'gzip' }, 415, 'errors.unsupportedMediaType'],
  [
    '80 kB of nested arrays',
    `{"modificationComment":${'['.repeat(40_000)}${']'.repeat(40_000)}}`,
    {},
    422,
    'errors.invalidData',
  ],
];

describe.each(BODIES)('7.1 a body that is %s', (_, body, headers, status, code) => {
  test.each(['PATCH', 'POST'])('7.1 is refused at %s, and nothing is stored', async (method) => {
    const path = method === 'PATCH' ? credential : fixture.path();
    const answer = await send(fixture.app, method, path, { token: fixture.token, body, headers });
    expect([answer.status, new Set(codesOf(answer))]).toEqual([status, new Set([code])]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await fixture.stored()).toBe(before);
  });
});

test('7.1 no body at all is 400, with or without a media type', async () => {
  const { app, token } = fixture;
  for (const headers of [{}, { 'Content-Type': 'application/json' }, { 'Content-Type': 'text/plain' }] as const) {
    const answer = await send(app, 'PATCH', credential, { token, headers });
    const status = 'Content-Type' in headers && headers['Content-Type'] === 'text/plain' ? 415 : 400;
    expect(answer.status).toBe(status);
  }
});

test('7.1 bytes that are not UTF-8 and bytes that are compressed are refused', async () => {
  const { app, token } = fixture;
  const latin1 = Buffer.from('{"modificationComment":"Zürich"}', 'latin1');
  for (const [body, headers, status] of [
    [latin1, {}, 400],
    [gzipSync('{}'), {}, 400],
    [gzipSync('{}'), { 'Content-Encoding': 'gzip' }, 415],
  ] as const) {
    const response = await fetch(app.url + credential, {
      method: 'PATCH',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers },
      body,
    });
    expect(response.status).toBe(status);
    await response.arrayBuffer();
  }
  expect(await fixture.stored()).toBe(before);
});

test('7.1 the error on an unreadable body has the position, and whether encoding or syntax is wrong', async () => {
  const { app, token } = fixture;
  const messageOf = async (body: string | Uint8Array<ArrayBuffer>): Promise<string> => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const response = await fetch(app.url + credential, { method: 'PATCH', headers, body });
    return ((await response.json()) as { errors: [{ message: string }] }).errors[0].message;
  };
  expect(await messageOf('{\n  "version": 1,\n}')).toBe('The body is not JSON: see line 3, column 1.');
  const latin1 = new Uint8Array(Buffer.from('{"modificationComment":"Zürich"}', 'latin1'));
  expect(await messageOf(latin1)).toBe('The body is not valid UTF-8: byte 26 (counted from 1) is invalid.');
});

test.each([
  ['small', ''],
  ['large', 'x'.repeat(70_000)],
])('7.1 a member whose name has more than 4,096 octets is 422, in a %s body', async (_, modificationComment) => {
  const body = { modificationComment, properties: { ['a'.repeat(4_097)]: 'x' } };
  const answer = await send(fixture.app, 'PATCH', credential, { token: await fixture.app.token(), body });
  expect([answer.status, codesOf(answer), fieldsOf(answer)]).toEqual([422, ['errors.invalidData'], ['body']]);
});

test('7.1 a media type with 15,000 blanks is parsed in linear time', async () => {
  for (const type of [`application/json${' '.repeat(15_000)}x`, `multipart/form-data;${' '.repeat(15_000)}x`]) {
    expect((await fixture.patch(credential, {}, { 'Content-Type': type })).status).toBe(415);
  }
});

test.each([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=UTF-8',
  'application/json; charset=utf8',
  'application/json; charset="utf-8"; profile="a;b"; odata.metadata=full',
  'application/merge-patch+json',
  'APPLICATION/JSON',
])('7.1 a body may have the media type %s', async (type) => {
  expect((await fixture.patch(credential, {}, { 'Content-Type': type })).status).toBe(200);
});

const INVALID: readonly [string, string | object, readonly string[]][] = [
  ['an unknown member', { extid: 'x' }, ['extid']],
  ['every member that only the server sets', KEPT(), Object.keys(KEPT())],
  ['__proto__', '{"__proto__":{"version":1}}', ['__proto__']],
  ['constructor and prototype', '{"constructor":{},"prototype":{}}', ['constructor', 'prototype']],
  ['a version as text', { version: '3' }, ['version']],
  ['a version with a fraction', { version: 1.5 }, ['version']],
  ['a version beyond int32', { version: 2_147_483_648 }, ['version']],
  ['a version of 400 digits', `{"version":1${'0'.repeat(400)}}`, ['version']],
  ['a negative version', { version: -1 }, ['version']],
  ['a version of null', { version: null }, ['version']],
  ['a certificate of null', { certificate: null }, ['certificate']],
  ['a state of null', { stateName: null }, ['stateName']],
  [
    'numbers',
    { certificate: 1, stateName: 2, modificationComment: 3 },
    ['certificate', 'stateName', 'modificationComment'],
  ],
  [
    'objects',
    { certificate: {}, stateName: {}, modificationComment: {}, version: {} },
    ['certificate', 'stateName', 'modificationComment', 'version'],
  ],
  [
    'arrays',
    { certificate: [], stateName: ['active'], modificationComment: [], version: [1] },
    ['certificate', 'stateName', 'modificationComment', 'version'],
  ],
  [
    'booleans',
    { certificate: true, stateName: false, modificationComment: true, version: true },
    ['certificate', 'stateName', 'modificationComment', 'version'],
  ],
  ['an unknown state', { stateName: 'Active' }, ['stateName']],
  ['the state that PATCH cannot set', { stateName: 'archived' }, ['stateName']],
  ['a comment that is too long', { modificationComment: 'x'.repeat(1001) }, ['modificationComment']],
  ['U+0000', { modificationComment: 'a\0b' }, ['modificationComment']],
  ['half of a surrogate pair', '{"modificationComment":"a\\ud83db"}', ['modificationComment']],
  ['U+0000 in a member that is unknown as well', '{"x\\u0000":1}', ['body', 'x?']],
];

function KEPT() {
  return {
    extId: 'x',
    userExtId: 'x',
    policyExtId: 'strict',
    created: '2026-01-01T00:00:00Z',
    lastModified: 'x',
    type: 'x',
    validity: {},
    fingerprint: 'x',
    properties: {},
    stateChangeReason: 'reset',
    successfulLoginCount: 9,
  };
}

test.each(INVALID)('3.7, 7.1 a PATCH with %s is 422 and names it', async (_, body, fields) => {
  const answer = await fixture.patch(credential, body);
  expect(answer.status).toBe(422);
  expect(new Set(codesOf(answer))).toEqual(new Set(['errors.invalidData']));
  expect(fieldsOf(answer).toSorted()).toEqual(fields.toSorted());
  expect(await fixture.stored()).toBe(before);
});

test('3.7 a POST refuses version, comment and other ids', async () => {
  const body = { certificate: await fixture.pem('new'), version: 1, modificationComment: 'x', userExtId: 'x' };
  const answer = await send(fixture.app, 'POST', fixture.path(), { token: fixture.token, body });
  expect([answer.status, fieldsOf(answer).toSorted()]).toEqual([422, ['modificationComment', 'userExtId', 'version']]);
});

test.each<[unknown]>([[''], ['.'], ['..'], ['a b'], ['é'], ['a\0'], ['x'.repeat(51)], [7], [null]])(
  '2.2 the extId %j is refused',
  async (extId) => {
    const body = { certificate: await fixture.pem('new'), extId, policyExtId: extId };
    const answer = await send(fixture.app, 'POST', fixture.path(), { token: fixture.token, body });
    expect(answer.status).toBe(422);
    expect(new Set(fieldsOf(answer))).toEqual(new Set(['extId', 'policyExtId']));
    expect(await fixture.stored()).toBe(before);
  },
);

test('7.1 all field errors are reported at once, each with the request id', async () => {
  const answer = await fixture.patch(
    credential,
    { certificate: 'no PEM', stateName: 'x', modificationComment: 1, version: 'x', other: 1 },
    { 'X-Request-Id': 'all-at-once' },
  );
  expect(fieldsOf(answer).toSorted()).toEqual(['certificate', 'modificationComment', 'other', 'stateName', 'version']);
  expect(answer.body.errors.every((error: { requestId: string }) => error.requestId === 'all-at-once')).toBe(true);
  expect(answer.headers.get('x-request-id')).toBe('all-at-once');
});

test('7.1 a policy that does not exist or has another type is a field error', async () => {
  await fixture.app.dataSource.query(
    `insert into policies select client_ext_id, 'passwords', gen_random_uuid(), 'PwdPolicy', 'passwords', null, true, '{}', 1,
     created, last_modified, null, 1 from policies where ext_id = 'default'`,
  );
  for (const policyExtId of ['nowhere', 'passwords']) {
    const body = { certificate: await fixture.pem('new'), policyExtId };
    const answer = await send(fixture.app, 'POST', fixture.path(), { token: fixture.token, body });
    expect([...refusalOf(answer), ...fieldsOf(answer)]).toEqual([422, ['errors.invalidData'], 'policyExtId']);
  }
  expect(await fixture.stored()).toBe(before);
});

test.each(['dryrun=true', 'dryRun=yes', 'dryRun=', 'dryRun=true&dryRun=true', 'dryRun=true&x=1', 'dryRun=%00'])(
  '1.4, 7.1 the query %s is 422, and nothing is stored',
  async (query) => {
    const answer = await fixture.patch(`${credential}?${query}`, { modificationComment: 'not stored' });
    expect([answer.status, new Set(codesOf(answer))]).toEqual([422, new Set(['errors.invalidData'])]);
    expect(await fixture.stored()).toBe(before);
  },
);
