import { generateKeyPairSync } from 'node:crypto';

import { expect, test } from 'vitest';

import { publicKey, secretKey } from './signing-keys.js';

type KeyKind = 'rsa' | 'ec' | 'ed25519' | 'x25519';

function pemOf(kind: KeyKind, options: object = {}): Buffer {
  const pair = generateKeyPairSync(kind as 'rsa', options as { modulusLength: number });
  return Buffer.from(pair.publicKey.export({ type: 'spki', format: 'pem' }));
}

test.each([
  ['rsa', { modulusLength: 2048 }, ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']],
  ['ec', { namedCurve: 'P-256' }, ['ES256']],
  ['ec', { namedCurve: 'P-384' }, ['ES384']],
  ['ec', { namedCurve: 'P-521' }, ['ES512']],
  ['ed25519', {}, ['EdDSA', 'Ed25519']],
] as const)('4.1 the public key decides the algorithms: %s %o', (kind, options, algorithms) => {
  expect(publicKey(pemOf(kind, options))).toMatchObject({ algorithms, key: { type: 'public' } });
});

test.each([
  ['nothing', () => Buffer.alloc(0), 'it contains no valid PEM public key'],
  ['a short RSA key', () => pemOf('rsa', { modulusLength: 1024 }), 'its RSA key has less than 2048 bits'],
  ['an unsupported curve', () => pemOf('ec', { namedCurve: 'secp256k1' }), 'its curve secp256k1 cannot sign tokens'],
  ['a key for agreement', () => pemOf('x25519'), 'a key of the type x25519 cannot sign tokens'],
  ['a private key', privatePem, 'it contains a private key; use the public one'],
])('a file with %s is refused', (_, pem, reason) => {
  expect(publicKey(pem())).toBe(reason);
});

function privatePem(): Buffer {
  return Buffer.from(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

test('a secret has at least 32 bytes', () => {
  expect(secretKey(Buffer.alloc(31))).toBeUndefined();
  expect(secretKey(Buffer.alloc(32))?.symmetricKeySize).toBe(32);
});
