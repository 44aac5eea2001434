import { describe, expect, it } from 'vitest';

import { ellipticCurves, publicKeyTypes } from '../x509/certificate/public-key-types.js';
import { keyType } from './key-types.rules.js';

/** Key types of certificates that cannot sign, and so cannot prove anything. */
const NO_SIGNATURE = ['DH', 'X25519', 'X448', 'ML-KEM-512', 'ML-KEM-768', 'ML-KEM-1024'];

describe('keyType', () => {
  it('6.1 ok/every supported curve can be required', () => {
    for (const { name } of ellipticCurves.values()) {
      expect([name, keyType.read(`EC:${name}`)]).toMatchObject([name, { value: { type: 'EC' } }]);
    }
  });

  it('6.1 ok/every key type that can sign can be required', () => {
    for (const type of publicKeyTypes.values()) {
      const readings = [keyType.read(type), keyType.read(`${type}:2048`), keyType.read(`${type}:P-256`)];
      const readable = readings.filter((reading) => 'value' in reading).length;
      expect([type, readable]).toEqual([type, NO_SIGNATURE.includes(type) ? 0 : 1]);
    }
  });

  it.each(['RSA:2048:3', 'RSA', 'Ed448:1', 'EC:P-257'])('6.1 fail/the error on %s says what is expected', (entry) => {
    expect(keyType.read(entry)).toEqual({
      expected:
        'a list of key types such as RSA:2048, EC:P-256 or Ed25519, each with its minimum size or curve if it has one',
    });
  });

  it('6.1 the reference lists the types by modulus, the families of curves, smallest first, and the types of one size', () => {
    expect(keyType.allowed).toContain('`RSA`, `RSA-PSS`, `DSA` with the smallest number of bits');
    expect(keyType.allowed).toContain('`P-192`, `P-224`, `P-256`, `P-384`, `P-521`; `brainpoolP256r1`');
    expect(keyType.allowed).toMatch(/of one size each, `Ed25519`, `Ed448`/);
  });

  it.each([
    ['EC:P-256', ['P-256', 'P-384', 'P-521']],
    ['EC:brainpoolP384r1', ['brainpoolP384r1', 'brainpoolP512r1']],
    ['EC:brainpoolP512t1', ['brainpoolP512t1']],
    ['EC:secp256k1', ['secp256k1']],
  ])('6.1 ok/%s allows the curves %s', (entry, curves) => {
    expect(keyType.read(entry)).toEqual({ value: { type: 'EC', bits: undefined, curves } });
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
