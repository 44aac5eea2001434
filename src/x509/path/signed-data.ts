import { verify } from 'node:crypto';

import type { AlgorithmIdentifier } from '../certificate/algorithm-identifier.js';
import type { BitString } from '../der/primitives.js';
import { signatureScheme } from './algorithms.js';
import type { WorkingKey } from './working-key.js';

/** What certificates and CRLs have in common. */
export interface SignedData {
  /** The inner algorithm, covered by the signature. */
  readonly signature: AlgorithmIdentifier;
  /** The bytes that the signature covers. */
  readonly signedPart: Buffer;
  readonly signatureValue: BitString;
}

/** False also if the key cannot have made a signature of this algorithm. */
export function isSignedWith({ signature, signedPart, signatureValue }: SignedData, key: WorkingKey): boolean {
  const scheme = signatureScheme(signature);
  if (scheme === undefined || !scheme.keyTypes.includes(key.type)) return false;
  // Every algorithm makes whole octets (RFC 3279 section 2.2). Without this, somebody else could change a certificate.
  if (signatureValue.unusedBits > 0) return false;
  try {
    return verify(scheme.digest, signedPart, { key: key.object, ...scheme.options }, signatureValue.octets);
  } catch {
    // OpenSSL refuses this key for this algorithm.
    return false;
  }
}
