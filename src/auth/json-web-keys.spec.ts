import { generateKeyPairSync, type KeyObject } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { readKeySet } from './json-web-keys.js';

const jwkOf = (key: KeyObject): object => key.export({ format: 'jwk' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const RSA = jwkOf(rsa.publicKey);
const EC = jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey);
const ED25519 = jwkOf(generateKeyPairSync('ed25519').publicKey);

const read = (...keys: unknown[]) => readKeySet(JSON.stringify({ keys }));

describe('readKeySet', () => {
  it('4.1 ok/a key has the algorithms of its type, limited by its alg', () => {
    const keys = read(
      { ...RSA, kid: 'rsa', use: 'sig' },
      { ...RSA, kid: 'ps', alg: 'PS256', key_ops: ['verify'] },
      { ...EC, kid: 'ec' },
      { ...ED25519 },
    );
    expect(keys?.map(({ kid, algorithms }) => [kid, ...algorithms])).toEqual([
      ['rsa', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
      ['ps', 'PS256'],
      ['ec', 'ES384'],
      [undefined, 'EdDSA', 'Ed25519'],
    ]);
  });

  it('4.1 ok/a member that is null counts as absent', () => {
    const none = { use: null, key_ops: null, alg: null, kid: null, d: null, k: null, x5c: null };
    expect(read({ ...RSA, ...none }, { ...EC, ...none }, { ...ED25519, ...none })?.map(({ kid }) => kid)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each<[string, unknown]>([
    ['a shared secret', { kty: 'oct', k: Buffer.alloc(64, 1).toString('base64url'), alg: 'HS256' }],
    ['a private key', jwkOf(rsa.privateKey)],
    ['a key for encryption', { ...RSA, use: 'enc' }],
    ['a key for other operations', { ...RSA, key_ops: ['encrypt'] }],
    ['a key whose operations are not a list', { ...RSA, key_ops: 'verify' }],
    ['a key with an algorithm of another type', { ...RSA, alg: 'HS256' }],
    ['a short key', jwkOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)],
    ['a key that cannot sign', jwkOf(generateKeyPairSync('x25519').publicKey)],
    ['a key on an unsupported curve', jwkOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey)],
    ['a key without its numbers', { kty: 'RSA', kid: 'x' }],
    ['a text', 'RSA'],
    ['null', null],
  ])('4.1 fail/%s is left out', (_title, jwk) => {
    expect(read(jwk, { ...EC, kid: 'good' })?.map(({ kid }) => kid)).toEqual(['good']);
  });

  it.each(['', 'null', '[]', '{}', '{"keys":{}}', '<html>'])('4.1 fail/%s is not a key set', (text) => {
    expect(readKeySet(text)).toBeUndefined();
  });

  it('4.1 ok/a set may be empty', () => {
    expect(read()).toEqual([]);
  });
});
