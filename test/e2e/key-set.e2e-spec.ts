import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type JWTHeaderParameters, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { startApp, type TestApp } from '../support/app.js';
import { type Answer, codesOf, send } from '../support/http.js';

const PERMISSIONS = '/nevisidm/api/principal/v1/permissions';
const MINUTE = 60_000;

/** The key set endpoint of the issuer: what it answers, and how often it was asked. */
const issuer = { keys: [] as object[], status: 200, body: undefined as string | undefined, asked: 0 };
const server = createServer((_request, response) => {
  issuer.asked += 1;
  response.writeHead(issuer.status, issuer.status === 302 ? { Location: '/elsewhere' } : {});
  response.end(issuer.body ?? JSON.stringify({ keys: issuer.keys }));
});

interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: KeyObject;
  readonly jwk: object;
}

function signingKey(kid: string, alg = 'ES256'): SigningKey {
  const { publicKey, privateKey } =
    alg === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, alg, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' } };
}

let app: TestApp;
let one: SigningKey;
let url: URL;

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`);
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(async () => {
  one = signingKey('one');
  Object.assign(issuer, { keys: [one.jwk], status: 200, body: undefined, asked: 0 });
  const claims = { client: 'client_ext_id', permissions: 'permissions', roles: 'roles', dataRoom: 'data_room' };
  app = await startApp({ tokens: { keys: { jwksUrl: url }, issuer: 'certkeep', audience: 'certkeep', claims } });
});

afterEach(async () => await app.close());

async function tokenOf(
  { kid, alg, privateKey }: SigningKey,
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  const seconds = Math.floor(app.clock.now().getTime() / 1000);
  const claims = { sub: 'jane', client_ext_id: '100', iss: 'certkeep', aud: 'certkeep', exp: seconds + 7 * 86_400 };
  return await new SignJWT(claims).setProtectedHeader({ alg, kid, ...header }).sign(privateKey);
}

const get = async (token: string): Promise<Answer> => await send(app, 'GET', PERMISSIONS, { token });
const statusOf = async (token: string): Promise<number> => (await get(token)).status;

test('4.1 the key set is fetched once, when it is needed, and tokens of its keys are accepted', async () => {
  expect(issuer.asked).toBe(0);
  const tokens = await Promise.all(Array.from({ length: 20 }, async () => await tokenOf(one)));
  const statuses = await Promise.all(tokens.map(statusOf));
  expect([new Set(statuses), issuer.asked]).toEqual([new Set([200]), 1]);
});

test('4.1 keys are rotated without a restart: a new key is fetched, and tokens of the old one are refused', async () => {
  const two = signingKey('two', 'EdDSA');
  const [old, young] = [await tokenOf(one), await tokenOf(two)];
  expect([await statusOf(old), await statusOf(young)]).toEqual([200, 401]);
  issuer.keys = [one.jwk, two.jwk];
  app.clock.advance(MINUTE);
  expect([await statusOf(young), await statusOf(old), issuer.asked]).toEqual([200, 200, 2]);
  // After the removal of its key a cached token is refused within five minutes.
  issuer.keys = [two.jwk];
  app.clock.advance(5 * MINUTE - 1);
  expect(await statusOf(old)).toBe(200);
  app.clock.advance(1);
  expect([await statusOf(old), await statusOf(young), issuer.asked]).toEqual([401, 200, 3]);
});

test('4.1 a new key with the kid of the old one replaces it', async () => {
  const old = await tokenOf(one);
  expect(await statusOf(old)).toBe(200);
  const other = signingKey('one');
  issuer.keys = [other.jwk];
  app.clock.advance(5 * MINUTE);
  expect([await statusOf(old), await statusOf(await tokenOf(other))]).toEqual([401, 200]);
});

test('4.1 the set is fetched again for unknown keys at most once a minute', async () => {
  const unknown = await Promise.all(
    Array.from({ length: 30 }, async (_, index) => await tokenOf(signingKey(`k-${index}`))),
  );
  expect(await statusOf(await tokenOf(one))).toBe(200);
  app.clock.advance(MINUTE - 1);
  expect(new Set(await Promise.all(unknown.map(statusOf)))).toEqual(new Set([401]));
  expect(issuer.asked).toBe(1);
  app.clock.advance(1);
  expect(new Set(await Promise.all(unknown.map(statusOf)))).toEqual(new Set([401]));
  expect(issuer.asked).toBe(2);
});

test.each<[string, Partial<typeof issuer>]>([
  ['fails', { status: 500 }],
  ['redirects', { status: 302 }],
  ['answers no JSON', { body: '<html>' }],
  ['answers other JSON', { body: '{"keys":7}' }],
  ['answers without end', { body: 'x'.repeat(300 * 1024) }],
])('4.1 when the issuer %s, the last keys are used for a day, then 503', async (_, trouble) => {
  const token = await tokenOf(one);
  expect(await statusOf(token)).toBe(200);
  Object.assign(issuer, trouble);
  app.clock.advance(24 * 60 * MINUTE - 1);
  expect([await statusOf(token), await statusOf(await tokenOf(one)), issuer.asked]).toEqual([200, 200, 2]);
  app.clock.advance(1);
  for (const late of [token, await tokenOf(one)]) {
    const answer = await get(late);
    expect([answer.status, codesOf(answer), answer.headers.get('retry-after')]).toEqual([
      503,
      ['errors.unavailable'],
      '60',
    ]);
  }
  expect(app.log.filter((line) => line.includes('JWT_JWKS_URL'))).toHaveLength(1);
  Object.assign(issuer, { status: 200, body: undefined });
  app.clock.advance(MINUTE);
  expect(await statusOf(token)).toBe(200);
});

test('4.1 without a first set every token is 503, and the issuer is asked again once a minute', async () => {
  issuer.status = 503;
  const token = await tokenOf(one);
  expect([await statusOf(token), await statusOf(token), issuer.asked]).toEqual([503, 503, 1]);
  issuer.status = 200;
  expect(await statusOf(token)).toBe(503);
  app.clock.advance(MINUTE);
  expect([await statusOf(token), issuer.asked]).toEqual([200, 2]);
});

test('the server is not ready without a first key set, and fetches it from its start until it has one', async () => {
  const ready = async () => {
    const answer = await send(app, 'GET', '/health/ready');
    return [answer.status, answer.body];
  };
  const notReady = [503, { status: 'down', parts: { database: 'up', vault: 'up', keys: 'down' } }];
  expect(await ready()).toEqual(notReady);
  issuer.status = 503;
  await app.scheduler.runAll();
  await app.scheduler.runAll();
  expect([await ready(), issuer.asked]).toEqual([notReady, 2]);
  issuer.status = 200;
  await app.scheduler.runAll();
  await app.scheduler.runAll();
  const isReady = [200, { status: 'up', parts: { database: 'up', vault: 'up', keys: 'up' } }];
  expect([await ready(), issuer.asked]).toEqual([isReady, 3]);
  // Once it has a set, the server stays ready without the issuer.
  issuer.status = 503;
  app.clock.advance(48 * 60 * MINUTE);
  expect(await statusOf(await tokenOf(one))).toBe(503);
  expect(await ready()).toEqual(isReady);
});

test('4.1 a malformed token is refused without fetching keys', async () => {
  for (const token of ['x', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.']) expect(await statusOf(token)).toBe(401);
  expect(issuer.asked).toBe(0);
});

test('4.1 the type of the key decides the algorithm, whatever token or set say', async () => {
  const forged = createSecretKey(Buffer.from(JSON.stringify(one.jwk)));
  issuer.keys = [one.jwk, { kty: 'oct', kid: 'shared', k: Buffer.alloc(64, 1).toString('base64url') }];
  const shared = { kid: 'shared', alg: 'HS256', privateKey: createSecretKey(Buffer.alloc(64, 1)), jwk: {} };
  for (const token of [
    await tokenOf({ ...one, alg: 'HS256', privateKey: forged }),
    await tokenOf(shared),
    await tokenOf(signingKey('one')),
  ]) {
    expect(await statusOf(token)).toBe(401);
  }
});

test('4.1 a token without kid is accepted if any key of the set verifies it', async () => {
  const without = { kid: undefined as never };
  expect(await statusOf(await tokenOf(one, without))).toBe(200);
  const two = signingKey('two');
  issuer.keys = [one.jwk, two.jwk];
  app.clock.advance(5 * MINUTE);
  expect(await statusOf(await tokenOf(two, without))).toBe(200);
  expect(await statusOf(await tokenOf(one, { ...without, typ: 'JWT' }))).toBe(200);
  expect(await statusOf(await tokenOf(one))).toBe(200);
  expect(await statusOf(await tokenOf(signingKey('three'), without))).toBe(401);
  // A removed key is not tried.
  issuer.keys = [one.jwk];
  app.clock.advance(5 * MINUTE);
  expect(await statusOf(await tokenOf(two, without))).toBe(401);
});

test('4.1 a set may begin with a BOM', async () => {
  issuer.body = `\ufeff${JSON.stringify({ keys: issuer.keys })}`;
  expect(await statusOf(await tokenOf(one))).toBe(200);
});

test('4.1 unusable keys of the set do not affect the others', async () => {
  issuer.keys = [
    { kty: 'AKP', alg: 'ML-DSA-65', kid: 'one', pub: 'AAAA' },
    { kty: 'EC', crv: 'secp256k1', kid: 'one', x: 'AQ', y: 'Ag' },
    { kty: 'OKP', crv: 'X448', kid: 'one', x: 'Aw' },
    { kty: 'oct', kid: 'one', k: Buffer.alloc(64, 1).toString('base64url') },
    { ...signingKey('one').jwk, use: 'enc', alg: 'ECDH-ES' },
    one.jwk,
  ];
  expect(await statusOf(await tokenOf(one))).toBe(200);
  expect(await statusOf(await tokenOf(one, { kid: undefined as never }))).toBe(200);
});

test('4.1 known keys work on after a token of an unknown key and the failed fetch that it causes', async () => {
  const token = await tokenOf(one);
  expect(await statusOf(token)).toBe(200);
  app.clock.advance(2 * MINUTE);
  for (const trouble of [{ status: 500 }, { status: 200, body: '{"keys":[]}' }]) {
    Object.assign(issuer, trouble);
    const outcomes = await Promise.all(
      [tokenOf(signingKey('new')), token, tokenOf(one)].map(async (sent) => await statusOf(await sent)),
    );
    expect(outcomes).toEqual([401, 200, 200]);
    app.clock.advance(MINUTE);
  }
  // While the issuer is known to fail, nobody waits for the fetch: it may reach the issuer after the answers.
  await expect.poll(() => issuer.asked).toBe(3);
});

test('4.1 after the clock was set back the set is fetched again', async () => {
  const token = await tokenOf(one);
  expect(await statusOf(token)).toBe(200);
  app.clock.advance(-60 * MINUTE);
  expect([await statusOf(token), issuer.asked]).toEqual([200, 2]);
});
