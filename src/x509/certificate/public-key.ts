import { DerError } from '../der/der-error.js';
import { type DerValue, readSequence } from '../der/der-reader.js';
import { readObjectIdentifier } from '../der/object-identifier.js';
import { readIntegerOctets } from '../der/primitives.js';
import { reading } from '../der/reading.js';
import { Tag } from '../der/tag.js';
import type { AlgorithmIdentifier } from './algorithm-identifier.js';
import type { PublicKeyInfo } from './certificate.js';
import { ellipticCurves, publicKeyTypes } from './public-key-types.js';

/** Read from the DER without creating a key object, so that malicious parameters have no cost. */
export function readPublicKey(
  algorithm: AlgorithmIdentifier,
  subjectPublicKey: Buffer,
  problems: string[],
): PublicKeyInfo {
  const type = publicKeyTypes.get(algorithm.algorithm) ?? algorithm.algorithm;
  const { value, problems: own } = reading((found) => readSize(type, algorithm.parameters, subjectPublicKey, found));
  problems.push(...own);
  return { type, bits: value?.bits, curve: value?.curve };
}

type Size = Omit<PublicKeyInfo, 'type'>;

function readSize(type: string, parameters: DerValue | undefined, key: Buffer, problems: string[]): Size {
  switch (type) {
    case 'RSA':
    case 'RSA-PSS':
      return { bits: readModulusBits(key), curve: undefined };
    case 'DSA':
      return { bits: parameters && bitLength(parameters.inside().take(Tag.integer, 'the prime')), curve: undefined };
    case 'EC':
      return readCurve(parameters, problems);
    default:
      return { bits: undefined, curve: undefined };
  }
}

/** RFC 8017 section A.1.1: RSAPublicKey. */
function readModulusBits(key: Buffer): number {
  const fields = readSequence(key, 'the RSA key');
  const bits = bitLength(fields.take(Tag.integer, 'the modulus'));
  bitLength(fields.take(Tag.integer, 'the exponent'));
  fields.finish('the RSA key');
  return bits;
}

function bitLength(value: DerValue): number {
  const octets = readIntegerOctets(value);
  if (octets.readInt8(0) < 0) throw new DerError('a number of the key is negative');
  const leading = octets.findIndex((octet) => octet !== 0);
  return leading < 0 ? 0 : (octets.length - leading) * 8 - Math.clz32(octets.readUInt8(leading)) + 24;
}

/** RFC 5480 section 2.1.1: a named curve, nothing else. */
function readCurve(parameters: DerValue | undefined, problems: string[]): Size {
  if (parameters?.tag !== Tag.objectIdentifier) {
    problems.push('the curve is not named');
    return { bits: undefined, curve: undefined };
  }
  const oid = readObjectIdentifier(parameters);
  const known = ellipticCurves.get(oid);
  return { bits: known?.bits, curve: known?.name ?? oid };
}
