import { verify } from 'node:crypto';

import type { AlgorithmIdentifier } from '../certificate/algorithm-identifier.js';
import { signatureScheme } from './algorithms.js';
import type { WorkingKey } from './working-key.js';

/** What certificates and CRLs have in common. */
export interface SignedData {
  /** The inner algorithm, covered by the signature. */
  readonly signature: AlgorithmIdentifier;
  /** The bytes that the signature covers. */
  readonly signedPart: Buffer;
  readonly signatureValue: Buffer;
}

/** False also if the key cannot have made a signature of this algorithm. */
export function isSignedWith({ signature, signedPart, signatureValue }: SignedData, key: WorkingKey): boolean {
  const scheme = signatureScheme(signature);
  if (scheme === undefined || !scheme.keyTypes.includes(key.type)) return false;
  try {
    return verify(scheme.digest, signedPart, { key: key.object, ...scheme.options }, signatureValue);
  } catch {
    // OpenSSL refuses this key for this algorithm.
    return false;
  }
}
