import { describe, expect, it } from 'vitest';

import { ellipticCurves, publicKeyTypes } from '../x509/certificate/public-key-types.js';
import { keyType } from './key-types.rules.js';

/** Types that a certificate's key may be of, but that make no signature: nothing could be proven with them. */
const NO_SIGNATURE = ['DH', 'X25519', 'X448', 'ML-KEM-512', 'ML-KEM-768', 'ML-KEM-1024'];

describe('keyType', () => {
  it('6.1 ok/every curve that a certificate is read with can be asked for', () => {
    for (const { name } of ellipticCurves.values()) {
      expect([name, keyType.read(`EC:${name}`)]).toMatchObject([name, { value: { type: 'EC' } }]);
    }
  });

  it('6.1 ok/so can every type of key', () => {
    for (const type of publicKeyTypes.values()) {
      const readings = [keyType.read(type), keyType.read(`${type}:2048`), keyType.read(`${type}:P-256`)];
      const readable = readings.filter((reading) => 'value' in reading).length;
      expect([type, readable]).toEqual([type, NO_SIGNATURE.includes(type) ? 0 : 1]);
    }
  });

  it.each([
    ['ok/the largest size', 'RSA:99999', true],
    ['ok/white space around the parts', 'RSA : 2048', true],
    ['fail/a size of six digits', 'RSA:100000', false],
    ['fail/a size of two digits', 'RSA:99', false],
    ['fail/another case', 'rsa:2048', false],
  ])('6.1 %s', (_title, entry, readable) => {
    expect('value' in keyType.read(entry)).toBe(readable);
  });
});
