import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';

import { mentionsPrivateKey } from '../x509/certificate/private-key-text.js';

/** RFC 7518 section 3.2: a key for HS256 has at least 256 bits. */
export const SECRET_BYTES = 32;

export function secretKey(bytes: Buffer): KeyObject | undefined {
  return bytes.length < SECRET_BYTES ? undefined : createSecretKey(bytes);
}

export interface VerificationKey {
  readonly key: KeyObject;
  /** Determined by the type of key, never by the token. */
  readonly algorithms: readonly string[];
}

/**
 * The algorithms that a public key of each type may verify (RFC 7518, RFC 8037). HMAC is never included: accepting a
 * public key as a shared secret is a well-known attack.
 */
const EC_ALGORITHMS: Readonly<Record<string, string>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' };

const RSA_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const ED25519_ALGORITHMS = ['EdDSA', 'Ed25519'];

export const PUBLIC_KEY_ALGORITHMS: ReadonlySet<string> = new Set([
  ...RSA_ALGORITHMS,
  ...Object.values(EC_ALGORITHMS),
  ...ED25519_ALGORITHMS,
]);

/** RFC 9864 defines its own name for EdDSA with Ed25519; issuers and key sets use either. */
export function namesOfAlgorithm(algorithm: string): readonly string[] {
  return ED25519_ALGORITHMS.includes(algorithm) ? ED25519_ALGORITHMS : [algorithm];
}

const RSA_MINIMUM_BITS = 2048;

export function publicKey(pem: Buffer): VerificationKey | string {
  if (mentionsPrivateKey(pem.toString('latin1'))) return 'it contains a private key; use the public one';
  try {
    return verifyingKey(createPublicKey(pem));
  } catch {
    return 'it contains no valid PEM public key';
  }
}

/** The algorithms that a public key may verify, or why it cannot be used. */
export function verifyingKey(key: KeyObject): VerificationKey | string {
  const details = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
      if ((details.modulusLength ?? 0) < RSA_MINIMUM_BITS) return `its RSA key has less than ${RSA_MINIMUM_BITS} bits`;
      return { key, algorithms: RSA_ALGORITHMS };
    case 'ec': {
      const algorithm = EC_ALGORITHMS[details.namedCurve ?? ''];
      return algorithm === undefined
        ? `its curve ${details.namedCurve ?? ''} cannot sign tokens`
        : { key, algorithms: [algorithm] };
    }
    case 'ed25519':
      return { key, algorithms: ED25519_ALGORITHMS };
    default:
      return `a key of the type ${String(key.asymmetricKeyType)} cannot sign tokens`;
  }
}
