import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/**
 * Key types whose encoding contains both parts and whose reader does not compare them. For all others the public part
 * is derived.
 */
const keyTypesWithPublicPart: ReadonlySet<string | undefined> = new Set(['rsa', 'rsa-pss', 'dsa', 'ec']);

const PROBE = Buffer.from('Do both parts belong together?');

/**
 * Whether the private part of a key matches its public part. OpenSSL compares only the latter with the certificate,
 * from which anyone could have copied it.
 */
export function isConsistentKey(privateKey: KeyObject): boolean {
  if (!keyTypesWithPublicPart.has(privateKey.asymmetricKeyType)) return true;
  return holds(privateKey, hasConsistentRsaNumbers) || holds(privateKey, verifiesOwnSignature);
}

function holds(privateKey: KeyObject, test: (privateKey: KeyObject) => boolean): boolean {
  try {
    return test(privateKey);
  } catch {
    return false;
  }
}

function verifiesOwnSignature(privateKey: KeyObject): boolean {
  // Uses the key's own digest: a key for RSASSA-PSS may allow no other.
  return verify(null, PROBE, createPublicKey(privateKey), sign(null, PROBE, privateKey));
}

/**
 * RFC 8017 section 3.2, for two primes: knowing the factors of the modulus means having the private key. Gives the same
 * result as a signature at a fifteenth of the cost. A trivial factor causes a division by zero, which throws.
 */
function hasConsistentRsaNumbers(privateKey: KeyObject): boolean {
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
