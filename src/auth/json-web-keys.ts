import { createPublicKey } from 'node:crypto';

import { namesOfAlgorithm, type VerificationKey, verifyingKey } from '../config/signing-keys.js';

export interface NamedKey extends VerificationKey {
  readonly kid: string | undefined;
}

/** More keys than any issuer uses at a time. */
const MAX_KEYS = 100;

/**
 * The keys of a JWK Set (RFC 7517) that may verify signatures. Keys of other kinds and uses are ignored, as section 5
 * requires. Undefined if the text is not a key set.
 */
export function readKeySet(text: string): readonly NamedKey[] | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { keys } = (document ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys)) return undefined;
  return keys.flatMap((jwk: unknown) => readKey(jwk) ?? []).slice(0, MAX_KEYS);
}

/** A shared secret or private key in a published set is public knowledge, so it must not verify anything. */
function readKey(member: unknown): NamedKey | undefined {
  if (typeof member !== 'object' || member === null) return undefined;
  // Serializers write null for what is absent.
  const jwk = Object.fromEntries(Object.entries(member).filter(([, value]) => value !== null));
  const { kty, use, key_ops: operations, alg, kid, d } = jwk;
  if (kty === 'oct' || d !== undefined) return undefined;
  if (use !== undefined && use !== 'sig') return undefined;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return undefined;
  let key;
  try {
    key = verifyingKey(createPublicKey({ key: jwk, format: 'jwk' }));
  } catch {
    return undefined;
  }
  if (typeof key === 'string') return undefined;
  const named = typeof alg === 'string' ? namesOfAlgorithm(alg) : [];
  const algorithms = alg === undefined ? key.algorithms : key.algorithms.filter((name) => named.includes(name));
  if (algorithms.length === 0) return undefined;
  return { key: key.key, algorithms, kid: typeof kid === 'string' ? kid : undefined };
}
