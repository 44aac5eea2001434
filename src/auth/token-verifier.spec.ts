import { generateKeyPairSync, type KeyObject } from 'node:crypto';

import { type JWTHeaderParameters, SignJWT } from 'jose';
import { expect, test } from 'vitest';

import type { VerificationKey } from '../config/signing-keys.js';
import { FetchedKeys } from './fetched-keys.js';
import { TokenVerifier } from './token-verifier.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const pairs = Array.from({ length: 6 }, () => generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed = generateKeyPairSync('ed25519');

const jwk = (key: KeyObject, others: object = {}): object => ({ ...key.export({ format: 'jwk' }), ...others });

/** An issuer with a key set that the test changes, and a verifier of its tokens. */
function issuer(...keys: object[]) {
  const state = { keys, fetches: 0 };
  const source = new FetchedKeys(
    async () => {
      state.fetches += 1;
      return await Promise.resolve(JSON.stringify({ keys: state.keys }));
    },
    () => {},
  );
  const verifier = new TokenVerifier({ keys: source, audience: 'certkeep', requiredClaims: [] });
  const verify = async (token: string, minutes = 0): Promise<VerificationKey | string> =>
    await verifier.verify(token, new Date(NOW.getTime() + minutes * 60_000)).then(
      ({ key }) => key,
      (error: Error) => error.message,
    );
  return { state, verify };
}

async function sign(key: KeyObject, header: Partial<JWTHeaderParameters> = {}, exp = NOW.getTime() / 1000 + 3600) {
  return await new SignJWT({ aud: 'certkeep', exp }).setProtectedHeader({ alg: 'ES256', ...header }).sign(key);
}

const [one, two, three, four, five] = pairs;

test('4.1 a token is base64url without padding and unused bits, cached or not', async () => {
  const { verify } = issuer(jwk(ed.publicKey));
  // 64 octets: the last character of the signature has four unused bits.
  const token = await sign(ed.privateKey, { alg: 'EdDSA' });
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const other = token.slice(0, -1) + letters[letters.indexOf(token.at(-1) ?? '') + 1];
  const [header, payload, signature] = token.split('.');
  const variants = [`${token}=`, `${token}==`, other, `${header}=.${payload}.${signature}`, `${token}\n`, ` ${token}`];
  const refused = variants.map(() => 'token that is not canonical base64url');
  const all = async () => await Promise.all(variants.map(async (variant) => await verify(variant)));
  expect(await all()).toEqual(refused);
  expect(typeof (await verify(token))).toBe('object');
  expect(await all()).toEqual(refused);
  expect(typeof (await verify(token))).toBe('object');
});

test('4.1 without kid at most four keys of the algorithm are tried', async () => {
  const { verify } = issuer(...pairs.map(({ publicKey }) => jwk(publicKey)));
  const outcomes = await Promise.all(pairs.map(async ({ privateKey }) => await verify(await sign(privateKey))));
  expect(outcomes.map((outcome) => typeof outcome)).toEqual([
    'object',
    'object',
    'object',
    'object',
    'string',
    'string',
  ]);
  expect(outcomes.at(-1)).toBe('token not signed by any of the keys');
});

test('4.1 keys of other algorithms and repeated keys do not count among the four', async () => {
  const { verify } = issuer(
    jwk(rsa.publicKey),
    jwk(ed.publicKey),
    { kty: 'oct', k: 'AAAA' },
    { kty: 'AKP', alg: 'ML-DSA-65', pub: 'AAAA' },
    ...[1, 2, 3, 4, 5].map((number) => jwk(one!.publicKey, { kid: `name-${number}` })),
    jwk(one!.publicKey, { use: 'enc' }),
    jwk(two!.publicKey),
  );
  expect(await verify(await sign(two!.privateKey))).toMatchObject({ algorithms: ['ES256'] });
  expect(await verify(await sign(rsa.privateKey, { alg: 'PS256' }))).toMatchObject({
    algorithms: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  });
});

test('4.1 all keys with the kid of the token are tried', async () => {
  const { verify } = issuer(
    ...[one, two, three].map((pair) => jwk(pair!.publicKey, { kid: 'same' })),
    jwk(four!.publicKey),
  );
  expect(await verify(await sign(three!.privateKey, { kid: 'same' }))).toMatchObject({ kid: 'same' });
  expect(await verify(await sign(four!.privateKey, { kid: 'same' }))).toBe('token not signed by any of the keys');
});

test('4.1 an expired token is not tried with another key', async () => {
  const { verify } = issuer(jwk(one!.publicKey), jwk(two!.publicKey));
  expect(await verify(await sign(two!.privateKey, {}, NOW.getTime() / 1000 - 3600))).toContain('"exp"');
});

test('4.1 EdDSA and Ed25519 are the same algorithm, in key set and token', async () => {
  for (const named of ['EdDSA', 'Ed25519']) {
    const { verify } = issuer(jwk(ed.publicKey, { alg: named }));
    for (const alg of ['EdDSA', 'Ed25519']) {
      expect(await verify(await sign(ed.privateKey, { alg }))).toMatchObject({ algorithms: ['EdDSA', 'Ed25519'] });
    }
  }
});

test('4.1 a token without kid causes a fetch at most once a minute; one with a known kid causes none', async () => {
  const { state, verify } = issuer(jwk(one!.publicKey), jwk(two!.publicKey, { kid: 'two' }));
  expect(await verify(await sign(one!.privateKey))).toBeTypeOf('object');
  state.keys = [...state.keys, jwk(three!.publicKey)];
  expect(await verify(await sign(five!.privateKey, { kid: 'two' }), 2)).toBe('token not signed by any of the keys');
  expect(state.fetches).toBe(1);
  expect(await verify(await sign(three!.privateKey), 2)).toBeTypeOf('object');
  expect([await verify(await sign(five!.privateKey), 2), state.fetches]).toEqual([
    'token not signed by any of the keys',
    2,
  ]);
});

test('4.1 a usable key after a hundred unusable ones is found', async () => {
  const useless = Array.from({ length: 150 }, (_, index) => ({ kty: 'oct', k: 'AAAA', kid: `k-${index}` }));
  const { verify } = issuer(...useless, jwk(one!.publicKey));
  expect(await verify(await sign(one!.privateKey))).toBeTypeOf('object');
});

test('4.1 exp may have a fraction', async () => {
  const { verify } = issuer(jwk(one!.publicKey));
  expect(await verify(await sign(one!.privateKey, {}, NOW.getTime() / 1000 + 0.123456))).toBeTypeOf('object');
});
