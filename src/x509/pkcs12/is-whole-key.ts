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
  return holds(privateKey, numbersFit) || holds(privateKey, signsForItself);
}

function holds(privateKey: KeyObject, test: (privateKey: KeyObject) => boolean): boolean {
  try {
    return test(privateKey);
  } catch {
    return false;
  }
}

function signsForItself(privateKey: KeyObject): boolean {
  // The key's own digest: one for RSASSA-PSS may allow no other.
  return verify(null, PROBE, createPublicKey(privateKey), sign(null, PROBE, privateKey));
}

/**
 * RFC 8017 section 3.2, for two primes: whoever has factors of the modulus has the private half. It answers the same as
 * a signature, at a fifteenth of the cost. A trivial factor has no residue to divide by, and throws.
 */
function numbersFit(privateKey: KeyObject): boolean {
  if (privateKey.asymmetricKeyType !== 'rsa') return false;
  const key = privateKey.export({ format: 'jwk' });
  const [n, e, d, p, q] = [key.n, key.e, key.d, key.p, key.q].map(integerOf) as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const [dP, dQ, qInv] = [key.dp, key.dq, key.qi].map(integerOf) as [bigint, bigint, bigint];
  return (
    p * q === n &&
    (e * d) % (p - 1n) === 1n &&
    (e * d) % (q - 1n) === 1n &&
    d % (p - 1n) === dP &&
    d % (q - 1n) === dQ &&
    (q * qInv) % p === 1n
  );
}

function integerOf(text: string | undefined): bigint {
  return BigInt(`0x${Buffer.from(text ?? '', 'base64url').toString('hex')}`);
}
