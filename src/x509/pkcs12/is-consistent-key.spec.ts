import { createPrivateKey, generateKeyPairSync, generatePrimeSync, type KeyObject, sign } from 'node:crypto';

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
    ['RSA with three primes', threePrimes()],
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

  it.each(['p', 'q', 'dp', 'dq', 'qi'] as const)(
    'PKCS#12: an RSA key with a wrong %s, with which OpenSSL signs, is refused',
    (name) => {
      const key = rsa();
      const wrong = Buffer.from(jwkOf(key)[name] ?? '', 'base64url');
      wrong.writeUInt8(wrong.readUInt8(wrong.length - 1) ^ 2, wrong.length - 1);
      const changed = withNumber(key, name, wrong);
      expect(sign('sha256', Buffer.of(1), changed)).toEqual(sign('sha256', Buffer.of(1), key));
      expect(isConsistentKey(changed)).toBe(false);
    },
  );
});

/** Node cannot generate one: three primes of 352 bits, and the numbers of RFC 8017 section 3.2. */
function threePrimes(): KeyObject {
  const e = 65_537n;
  let primes: bigint[];
  do primes = Array.from({ length: 3 }, () => generatePrimeSync(352, { bigint: true }));
  while (primes.some((prime) => (prime - 1n) % e === 0n));
  const [p = 0n, q = 0n, r = 0n] = primes;
  const d = inverse(e, (p - 1n) * (q - 1n) * (r - 1n));
  const third = sequence(...[r, d % (r - 1n), inverse(p * q, r)].map(integer));
  const numbers = [1n, p * q * r, e, d, p, q, d % (p - 1n), d % (q - 1n), inverse(q, p)].map(integer);
  return createPrivateKey({ key: sequence(...numbers, sequence(third)), type: 'pkcs1', format: 'der' });
}

function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const octets = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return tlv(Tag.integer, octets.readInt8(0) < 0 ? Buffer.concat([Buffer.of(0), octets]) : octets);
}

/** Of `value` modulo `modulus`, by Euclid's algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [rest, next, factor, nextFactor] = [modulus, value % modulus, 0n, 1n];
  while (next > 0n) {
    const quotient = rest / next;
    [rest, next] = [next, rest - quotient * next];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  return ((factor % modulus) + modulus) % modulus;
}

/** The RSA key with another number of the same length in place of `name`; Node refuses inconsistent JWKs. */
function withNumber(key: KeyObject, name: 'n' | 'p' | 'q' | 'dp' | 'dq' | 'qi', number: Buffer): KeyObject {
  const der = key.export({ type: 'pkcs1', format: 'der' });
  number.copy(der, der.indexOf(Buffer.from(jwkOf(key)[name] ?? '', 'base64url')));
  return createPrivateKey({ key: der, type: 'pkcs1', format: 'der' });
}
