import { webcrypto } from 'node:crypto';

export type KeyType = 'RSA-2048' | 'EC-P256' | 'EC-P384' | 'Ed25519';

const ALGORITHMS = {
  'RSA-2048': {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  },
  'EC-P256': { name: 'ECDSA', namedCurve: 'P-256' },
  'EC-P384': { name: 'ECDSA', namedCurve: 'P-384' },
  Ed25519: { name: 'Ed25519' },
} as const satisfies Record<KeyType, object>;

const cached = new Map<string, Promise<webcrypto.CryptoKeyPair>>();

/**
 * A key pair, cached by holder and type, as an RSA key takes some 100 ms.
 * Another `holder` gives another key.
 */
export async function keyPair(type: KeyType, holder = 'anyone'): Promise<webcrypto.CryptoKeyPair> {
  const name = `${holder} ${type}`;
  let pair = cached.get(name);
  if (pair === undefined) {
    pair = generateKeyPair(type);
    cached.set(name, pair);
  }
  return await pair;
}

export async function generateKeyPair(type: KeyType): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(ALGORITHMS[type], true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
}

/** PKCS#8 in PEM, as users send by mistake. */
export async function privateKeyPem(privateKey: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}
