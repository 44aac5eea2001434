import { publicKeyTypes } from '../x509/certificate/public-key-types.js';
import type { KeyTypeMinimum } from './certificate-policy.model.js';
import { inCode, type ParameterType, type Reading } from './parameter-types.rules.js';

/** Types whose strength depends on the length of the modulus. */
const BY_MODULUS: readonly string[] = ['RSA', 'RSA-PSS', 'DSA'];

/** Signature key types with a fixed strength. */
const FIXED: readonly string[] = [...publicKeyTypes.values()].filter((type) => /^(Ed|ML-DSA-|SLH-DSA-)/.test(type));

/**
 * Curves by family, smallest first (FIPS 186, RFC 5639, SEC 2, GB/T 32918). A larger curve of another family does not
 * count as larger: a policy that requires P-256 says nothing about secp256k1.
 */
const CURVE_FAMILIES: readonly (readonly string[])[] = [
  ['P-192', 'P-224', 'P-256', 'P-384', 'P-521'],
  ['brainpoolP256r1', 'brainpoolP320r1', 'brainpoolP384r1', 'brainpoolP512r1'],
  ['brainpoolP256t1', 'brainpoolP320t1', 'brainpoolP384t1', 'brainpoolP512t1'],
  ['secp256k1'],
  ['SM2'],
];

/** What policies ask for most. Other sizes of a modulus are allowed too. */
const SUGGESTIONS: readonly string[] = [
  'RSA:2048',
  'RSA:3072',
  'RSA:4096',
  'RSA-PSS:2048',
  'RSA-PSS:3072',
  'RSA-PSS:4096',
  'DSA:2048',
  'DSA:3072',
  ...CURVE_FAMILIES.flat().map((curve) => `EC:${curve}`),
  ...FIXED,
];

const EXPECTED =
  'a list of key types such as RSA:2048, EC:P-256 or Ed25519, each with its minimum size or curve if it has one';

/** One entry of `keyTypes`: `RSA:2048`, `EC:P-256`, `Ed25519`. */
export const keyType: ParameterType<KeyTypeMinimum> = {
  name: 'key type',
  allowed:
    `${inCode(BY_MODULUS)} with the smallest number of bits, as in \`RSA:2048\`; \`EC\` with the smallest curve, as in ` +
    `\`EC:P-256\`, which also allows the larger curves of the same family (${CURVE_FAMILIES.map(inCode).join('; ')}); ` +
    `or, of one size each, ${inCode(FIXED)}`,
  form: { kind: 'text', suggestions: SUGGESTIONS },
  read: readKeyType,
};

function readKeyType(entry: string): Reading<KeyTypeMinimum> {
  const [type = '', size, ...rest] = entry.split(':').map((part) => part.trim());
  if (rest.length > 0) return { expected: EXPECTED };
  if (size === undefined) {
    return FIXED.includes(type) ? { value: { type, bits: undefined, curves: undefined } } : { expected: EXPECTED };
  }
  if (BY_MODULUS.includes(type) && /^[1-9]\d{2,4}$/.test(size)) {
    return { value: { type, bits: Number(size), curves: undefined } };
  }
  const family = CURVE_FAMILIES.find((curves) => curves.includes(size));
  if (type !== 'EC' || family === undefined) return { expected: EXPECTED };
  return { value: { type, bits: undefined, curves: family.slice(family.indexOf(size)) } };
}
