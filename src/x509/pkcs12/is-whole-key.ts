import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** Those whose encoding holds both halves, and whose reader takes both as they stand. Others derive the public one. */
const typesWithTwoHalves: ReadonlySet<string | undefined> = new Set(['rsa', 'rsa-pss', 'dsa', 'ec']);

const PROBE = Buffer.from('Do both halves belong together?');

/**
 * Whether the private half of a key can do what its public half promises. OpenSSL compares the latter with that of the
 * certificate and no more, and anybody can copy it out of one.
 */
export function isWholeKey(privateKey: KeyObject): boolean {
  if (!typesWithTwoHalves.has(privateKey.asymmetricKeyType)) return true;
  try {
    // The key's own digest: one for RSASSA-PSS may allow no other.
    return verify(null, PROBE, createPublicKey(privateKey), sign(null, PROBE, privateKey));
  } catch {
    return false;
  }
}
