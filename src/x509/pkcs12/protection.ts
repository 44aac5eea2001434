import { type AlgorithmIdentifier, readAlgorithmIdentifier } from '../certificate/algorithm-identifier.js';
import { DerError } from '../der/der-error.js';
import type { DerReader, DerValue } from '../der/der-reader.js';
import { readIntegerOctets } from '../der/primitives.js';
import { Tag } from '../der/tag.js';
import { Oid, passwordBasedSchemes } from './algorithms.js';

/** What a part of the file is encrypted or authenticated with. */
export interface Protection {
  /** Dotted OIDs, in the order in which they stand. */
  readonly algorithms: readonly string[];
  /** Rounds of key derivation, chosen by whoever made the file; above 2³¹-1 it reads as Infinity. */
  readonly iterations: readonly number[];
}

/** @throws DerError where the parameters of a scheme that is known here cannot be read. */
export function readProtection({ algorithm, parameters }: AlgorithmIdentifier): Protection {
  if (passwordBasedSchemes.has(algorithm)) {
    const fields = inside(parameters);
    fields.take(Tag.octetString, 'a salt');
    return { algorithms: [algorithm], iterations: [readIterations(fields)] };
  }
  if (algorithm === Oid.pbkdf2) return readPbkdf2(inside(parameters));
  // RFC 8018 appendices A.4 and A.5: how the key is derived, and what it is used with.
  if (algorithm !== Oid.pbes2 && algorithm !== Oid.pbmac1) return { algorithms: [algorithm], iterations: [] };
  const fields = inside(parameters);
  const derivation = readAlgorithmIdentifier(fields);
  const use = readAlgorithmIdentifier(fields);
  // Neither nests: a PBES2 inside a PBES2 would be another file's worth of derivations.
  if (derivation.algorithm !== Oid.pbkdf2) {
    return { algorithms: [algorithm, derivation.algorithm, use.algorithm], iterations: [] };
  }
  const { algorithms, iterations } = readProtection(derivation);
  return { algorithms: [algorithm, ...algorithms, use.algorithm], iterations };
}

/** RFC 8018 appendix A.2. */
function readPbkdf2(fields: DerReader): Protection {
  fields.take(Tag.octetString, 'a salt');
  const iterations = readIterations(fields);
  fields.takeOptional(Tag.integer);
  const prf = fields.atEnd ? [] : [readAlgorithmIdentifier(fields).algorithm];
  return { algorithms: [Oid.pbkdf2, ...prf], iterations: [iterations] };
}

export function readIterations(reader: DerReader): number {
  const octets = readIntegerOctets(reader.take(Tag.integer, 'an iteration count'));
  if (octets.readInt8(0) < 0) throw new DerError('an iteration count is negative');
  return octets.length > 4 ? Infinity : octets.readUIntBE(0, octets.length);
}

function inside(parameters: DerValue | undefined): DerReader {
  if (parameters?.tag !== Tag.sequence) throw new DerError('the parameters of an algorithm are missing');
  return parameters.inside();
}
