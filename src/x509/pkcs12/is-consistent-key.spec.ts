import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { sequence, tlv } from '../../../test/support/der.js';
import { Tag } from '../der/tag.js';
import { isConsistentKey } from './is-consistent-key.js';

const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' });

describe('isWholeKey', () => {
  it.each([
    ['RSA', rsa()],
    ['RSASSA-PSS of any digest', generateKeyPairSync('rsa-pss', { modulusLength: 1024 }).privateKey],
    [
      'RSASSA-PSS of one digest',
      generateKeyPairSync('rsa-pss', {
        modulusLength: 2048,
        hashAlgorithm: 'sha512',
        mgf1HashAlgorithm: 'sha512',
      }).privateKey,
    ],
    ['DSA', generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).privateKey],
    ['P-256', ec('P-256')],
    ['P-521', ec('P-521')],
    ['secp256k1', ec('secp256k1')],
    ['Ed25519', generateKeyPairSync('ed25519').privateKey],
    ['X25519, which cannot sign', generateKeyPairSync('x25519').privateKey],
  ])('PKCS#12: a whole key is accepted: %s', (_, key) => {
    expect(isConsistentKey(key)).toBe(true);
  });

  it('PKCS#12: an RSA key with the modulus of another key is refused', () => {
    const other = Buffer.from(jwkOf(rsa()).n ?? '', 'base64url');
    expect(isConsistentKey(withNumber(rsa(), 'n', other))).toBe(false);
  });

  it('PKCS#12: an RSA key with the factors one and its modulus is refused', () => {
    const { n = '', e = '' } = jwkOf(rsa());
    // The first bit of the modulus is one, which would be a sign.
    const modulus = Buffer.from([0, ...Buffer.from(n, 'base64url')]);
    const [zero, one] = [Buffer.of(0), Buffer.of(1)];
    const numbers = [zero, modulus, Buffer.from(e, 'base64url'), one, one, modulus, one, one, one];
    const der = sequence(...numbers.map((number) => tlv(Tag.integer, number)));
    expect(isConsistentKey(createPrivateKey({ key: der, type: 'pkcs1', format: 'der' }))).toBe(false);
  });

  it('PKCS#12: an RSA key with an even prime, which OpenSSL cannot use, is refused', () => {
    expect(isConsistentKey(withNumber(rsa(), 'p', Buffer.alloc(64, 0xfe)))).toBe(false);
  });
});

/** The RSA key with another number of the same length in place of `name`; Node refuses inconsistent JWKs. */
function withNumber(key: KeyObject, name: 'n' | 'p', number: Buffer): KeyObject {
  const der = key.export({ type: 'pkcs1', format: 'der' });
  number.copy(der, der.indexOf(Buffer.from(jwkOf(key)[name] ?? '', 'base64url')));
  return createPrivateKey({ key: der, type: 'pkcs1', format: 'der' });
}
