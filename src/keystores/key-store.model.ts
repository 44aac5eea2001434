import type { Secret } from '../common/secret.js';

/** Of one account; deleted ones do not count. */
export const MAX_KEY_STORES = 1_000;

/** Of one request. */
export const MAX_ITEMS = 50;

export const MAX_P12_BYTES = 256 * 1024;

/** `expired` wins over the others. */
export type KeyStoreStatus = 'available' | 'unavailable' | 'expired';

/** How long the vault keeps the secret of a deleted key store, soft-deleted. */
export interface SecretRetention {
  readonly destroyed: boolean;
  /** When it is destroyed. */
  readonly until: Date;
}

export interface KeyStoreView {
  readonly accountId: string;
  /** From 1 to 2^53 − 1. */
  readonly id: number;
  readonly name: string;
  readonly displayName: string;
  readonly status: KeyStoreStatus;
  /** notAfter of the certificate that belongs to the private key. */
  readonly expires: Date;
  readonly deleted: boolean;
  /** Of a deleted one only. */
  readonly retention: SecretRetention | undefined;
}

/** What opens a private key, as it was sent. */
export interface SentFile {
  readonly p12: Buffer;
  /** Undefined: the file has none. */
  readonly password: string | undefined;
}

export interface SentKeyStore {
  readonly name: string;
  /** Null: as the name; undefined: as it is. */
  readonly displayName: string | null | undefined;
  readonly file: Secret<SentFile>;
}

export interface SentReplacement extends SentKeyStore {
  readonly id: number;
}

/** The result of each item of a request, in their order. */
export interface SavedKeyStores {
  readonly stored: readonly KeyStoreView[];
  /** The vault has not taken their secrets: new ones stay unavailable, replaced ones as they were. */
  readonly failed: readonly KeyStoreView[];
}
