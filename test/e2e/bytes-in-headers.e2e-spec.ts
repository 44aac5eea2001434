import { afterAll, beforeAll, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { CORE } from '../support/http.js';
import { type RawAnswer, sendBytes } from '../support/raw-http.js';

let fixture: Fixture;
let credential: string;
let self: string;
let xToken: string;
let before: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  credential = await fixture.register('cert-1');
  self = await fixture.app.token({ sub: 'helper-7', roles: ['nevisIdm.SelfAdmin'] });
  xToken = await fixture.app.xToken('helper-7');
  before = await fixture.stored();
});

afterAll(async () => await fixture.app.close());

/** Sends headers and path as bytes, one for each character. */
async function patch(headers: Readonly<Record<string, string>>, path = credential): Promise<RawAnswer> {
  const body = '{"modificationComment":"changed"}';
  const all = { Host: 'x', 'Content-Type': 'application/json', 'Content-Length': String(body.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = `PATCH ${path} HTTP/1.1\r\n${lines.join('')}Connection: close\r\n\r\n${body}`;
  return await sendBytes(fixture.app, Buffer.from(request, 'latin1'));
}

const refusalOf = ({ status, body }: RawAnswer): [number, string, string | undefined] => {
  const [{ code, field }] = (body as { errors: [{ code: string; field?: string }] }).errors;
  return [status, code, field];
};

/** Bytes that are not UTF-8, a letter in UTF-8, and the no-break space of ISO 8859-1. */
const BYTES = ['\xff', '\x80', '\xc3\xa9', '\xa0'];

test.each(BYTES)('7.1 bytes outside ASCII (%j) are 401 anywhere in the bearer token', async (byte) => {
  const { token } = fixture;
  const values = [
    `${byte}Bearer ${token}`,
    `Bearer${byte}${token}`,
    `Bearer ${byte}${token}`,
    `Bearer ${token}${byte}`,
  ];
  for (const value of values) {
    expect(refusalOf(await patch({ Authorization: value }))).toEqual([401, 'errors.unauthenticated', undefined]);
  }
  const inside = `Bearer ${token.slice(0, 40)}${byte}${token.slice(40)}`;
  expect(refusalOf(await patch({ Authorization: inside }))).toEqual([401, 'errors.unauthenticated', undefined]);
  expect(await fixture.stored()).toBe(before);
});

test.each(BYTES)('4.5 bytes outside ASCII (%j) are 401 anywhere in the X-Token', async (byte) => {
  for (const value of [
    byte,
    `${byte}${xToken}`,
    `${xToken}${byte}`,
    `${xToken.slice(0, 40)}${byte}${xToken.slice(40)}`,
  ]) {
    const answer = await patch({ Authorization: `Bearer ${self}`, 'X-Token': value });
    expect(refusalOf(answer)).toEqual([401, 'errors.unauthenticated', 'X-Token']);
  }
  expect(await fixture.stored()).toBe(before);
});

test.each(BYTES)('3.5 bytes outside ASCII (%j) in If-Match never match', async (byte) => {
  const Authorization = `Bearer ${fixture.token}`;
  // RFC 9110 section 8.8.3 allows such bytes in an entity tag, and nowhere else.
  for (const tag of [`"${byte}"`, `"1${byte}"`, `"${byte}1"`]) {
    expect(refusalOf(await patch({ Authorization, 'If-Match': tag }))).toEqual([
      412,
      'errors.preconditionFailed',
      'If-Match',
    ]);
  }
  for (const header of [byte, `${byte}"1"`, `"1"${byte}`, `*${byte}`, `"1",${byte}"2"`]) {
    expect(refusalOf(await patch({ Authorization, 'If-Match': header }))).toEqual([
      400,
      'errors.malformedRequest',
      'If-Match',
    ]);
  }
  expect(await fixture.stored()).toBe(before);
});

test.each(BYTES)('7.1 bytes outside ASCII (%j) in Content-Type are 415', async (byte) => {
  const Authorization = `Bearer ${fixture.token}`;
  for (const type of [
    `application/json${byte}`,
    `${byte}application/json`,
    `application/json; charset=${byte}utf-8`,
    `application/json; charset=utf-8${byte}`,
  ]) {
    const answer = await patch({ Authorization, 'Content-Type': type });
    expect([type, ...refusalOf(answer)]).toEqual([type, 415, 'errors.unsupportedMediaType', 'Content-Type']);
  }
  expect(await fixture.stored()).toBe(before);
});

test('7.1 a path segment that is not UTF-8 is 400, percent-encoded or not', async () => {
  const headers = { Authorization: `Bearer ${fixture.token}` };
  for (const bytes of ['%FF', '%C3', '%ED%A0%80', '\xff', '\xc3\xa9']) {
    for (const path of [
      `${CORE}/${bytes}/users/helper-7/certificates/cert-1`,
      `${CORE}/100/users/helper-7${bytes}/certificates/cert-1`,
      `${fixture.path()}/cert-1${bytes}`,
      `/mtls/account/${bytes}/certificates/1`,
    ]) {
      const answer = await patch(headers, path);
      expect([path, ...refusalOf(answer)]).toEqual([path, 400, 'errors.malformedRequest', undefined]);
    }
  }
  expect(await fixture.stored()).toBe(before);
});
