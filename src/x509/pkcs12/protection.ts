import { type AlgorithmIdentifier, readAlgorithmIdentifier } from '../certificate/algorithm-identifier.js';
import { DerError } from '../der/der-error.js';
import type { DerReader, DerValue } from '../der/der-reader.js';
import { readIntegerOctets } from '../der/primitives.js';
import { Tag } from '../der/tag.js';
import { Oid, passwordBasedSchemes } from './algorithms.js';

/** The algorithms that encrypt or authenticate a part of the file. */
export interface Protection {
  /** Dotted OIDs, in the order of the file. */
  readonly algorithms: readonly string[];
  /**
   * Iteration counts of the key derivations, chosen by the creator of the file; values above 2³¹-1 are read as
   * Infinity.
   */
  readonly iterations: readonly number[];
}

/** @throws DerError if the parameters of a known scheme cannot be read. */
export function readProtection({ algorithm, parameters }: AlgorithmIdentifier): Protection {
  if (passwordBasedSchemes.has(algorithm)) {
    const fields = inside(parameters);
    fields.take(Tag.octetString, 'a salt');
    return { algorithms: [algorithm], iterations: [readIterations(fields)] };
  }
  if (algorithm === Oid.pbkdf2) return readPbkdf2(inside(parameters));
  // RFC 8018 appendices A.4 and A.5: the key derivation, and the scheme that uses the key.
  if (algorithm !== Oid.pbes2 && algorithm !== Oid.pbmac1) return { algorithms: [algorithm], iterations: [] };
  const fields = inside(parameters);
  const derivation = readAlgorithmIdentifier(fields);
  const use = readAlgorithmIdentifier(fields);
  // Nesting is not allowed: a PBES2 inside a PBES2 would multiply the key derivations.
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
