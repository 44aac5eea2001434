import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

import { readSequence } from '../der/der-reader.js';
import { Tag } from '../der/tag.js';

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
  try {
    const numbers = rsaNumbers(privateKey);
    return numbers === undefined ? verifiesOwnSignature(privateKey) : hasConsistentNumbers(numbers);
  } catch {
    return false;
  }
}

function verifiesOwnSignature(privateKey: KeyObject): boolean {
  // Uses the key's own digest: a key for RSASSA-PSS may allow no other.
  return verify(null, PROBE, createPublicKey(privateKey), sign(null, PROBE, privateKey));
}

interface RsaNumbers {
  readonly n: bigint;
  readonly e: bigint;
  readonly d: bigint;
  readonly p: bigint;
  readonly q: bigint;
  readonly dP: bigint;
  readonly dQ: bigint;
  readonly qInv: bigint;
}

/** Undefined for another key than one of RSA with two primes. */
function rsaNumbers(privateKey: KeyObject): RsaNumbers | undefined {
  if (privateKey.asymmetricKeyType !== 'rsa' || hasMorePrimes(privateKey)) return undefined;
  const key = privateKey.export({ format: 'jwk' });
  const [n, e, d, p, q] = [key.n, key.e, key.d, key.p, key.q].map(integerOf) as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const [dP, dQ, qInv] = [key.dp, key.dq, key.qi].map(integerOf) as [bigint, bigint, bigint];
  return { n, e, d, p, q, dP, dQ, qInv };
}

/** RFC 8017 appendix A.1.2: the version is 1 if there are more than two. */
function hasMorePrimes(privateKey: KeyObject): boolean {
  const key = readSequence(privateKey.export({ type: 'pkcs1', format: 'der' }), 'the key');
  return key.take(Tag.integer, 'the version').content[0] === 1;
}

/**
 * RFC 8017 section 3.2: knowing the factors of the modulus means having the private key, at a fifteenth of the cost of a
 * signature. A signature would not notice a wrong number of those that speed it up, since OpenSSL corrects it; other
 * software does not, and its first wrong signature reveals the factors. A trivial factor causes a division by zero, which throws.
 */
function hasConsistentNumbers({ n, e, d, p, q, dP, dQ, qInv }: RsaNumbers): boolean {
  return (
    p * q === n &&
    (e * d) % (p - 1n) === 1n &&
    (e * d) % (q - 1n) === 1n &&
    (d - dP) % (p - 1n) === 0n &&
    (d - dQ) % (q - 1n) === 0n &&
    (q * qInv) % p === 1n
  );
}

function integerOf(text: string | undefined): bigint {
  return BigInt(`0x${Buffer.from(text ?? '', 'base64url').toString('hex')}`);
}
