import { createCipheriv, createDecipheriv, randomBytes, type CipherKey } from 'node:crypto';

import type { KeyEncryptionKey } from '../../config/vault-settings.js';
import type { SecretAddress } from '../secret-vault.js';

/** The row to which an envelope belongs; it cannot be opened in any other. */
export interface EnvelopePlace extends SecretAddress {
  readonly version: number;
}

export interface WrappedKey {
  /** The id of the key-encryption key. */
  readonly keyId: string;
  readonly wrappedKey: Buffer;
}

/**
 * A secret encrypted with its own data key, which is encrypted with a key-encryption key, so that rotation changes only
 * the small part.
 */
export interface Envelope extends WrappedKey {
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
}

/** Key-encryption keys; the first one wraps, all of them unwrap. */
export type KeyRing = readonly [KeyEncryptionKey, ...KeyEncryptionKey[]];

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** NIST SP 800-38D section 8.2: 96 bits. Random ones may wrap 2^32 times under one key (section 8.3). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function seal(ring: KeyRing, place: EnvelopePlace, plaintext: Buffer): Envelope {
  const dataKey = randomBytes(KEY_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const ciphertext = encrypt(dataKey, nonce, contentContext(place), plaintext);
  const wrapped = wrap(ring[0], place, dataKey);
  dataKey.fill(0);
  return { ...wrapped, nonce, ciphertext };
}

/** Undefined if no key of the ring opens it, or if the envelope or its place was changed. */
export function open(ring: KeyRing, place: EnvelopePlace, envelope: Envelope): Buffer | undefined {
  const dataKey = unwrap(ring, place, envelope);
  if (dataKey === undefined) return undefined;
  const plaintext = decrypt(dataKey, envelope.nonce, contentContext(place), envelope.ciphertext);
  dataKey.fill(0);
  return plaintext;
}

/** Wraps the data key with the first key of the ring. Undefined as for `open`. */
export function rewrap(ring: KeyRing, place: EnvelopePlace, wrapped: WrappedKey): WrappedKey | undefined {
  const dataKey = unwrap(ring, place, wrapped);
  if (dataKey === undefined) return undefined;
  const rewrapped = wrap(ring[0], place, dataKey);
  dataKey.fill(0);
  return rewrapped;
}

function wrap({ id, key }: KeyEncryptionKey, place: EnvelopePlace, dataKey: Buffer): WrappedKey {
  const nonce = randomBytes(NONCE_BYTES);
  return { keyId: id, wrappedKey: Buffer.concat([nonce, encrypt(key, nonce, keyContext(place, id), dataKey)]) };
}

function unwrap(ring: KeyRing, place: EnvelopePlace, { keyId, wrappedKey }: WrappedKey): Buffer | undefined {
  const found = ring.find(({ id }) => id === keyId);
  if (found === undefined) return undefined;
  const nonce = wrappedKey.subarray(0, NONCE_BYTES);
  return decrypt(found.key, nonce, keyContext(place, keyId), wrappedKey.subarray(NONCE_BYTES));
}

/** Additional authenticated data. A JSON array is unambiguous for any characters in the account's id. */
function contentContext({ accountId, keyStoreId, version }: EnvelopePlace): Buffer {
  return Buffer.from(JSON.stringify(['certkeep key store', accountId, keyStoreId, version]));
}

function keyContext({ accountId, keyStoreId, version }: EnvelopePlace, keyId: string): Buffer {
  return Buffer.from(JSON.stringify(['certkeep data key', accountId, keyStoreId, version, keyId]));
}

function encrypt(key: CipherKey, nonce: Buffer, context: Buffer, plaintext: Buffer): Buffer {
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(context);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: CipherKey, nonce: Buffer, context: Buffer, sealed: Buffer): Buffer | undefined {
  if (nonce.length !== NONCE_BYTES || sealed.length < TAG_BYTES) return undefined;
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(context)
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}
