import type { Secret } from '../common/secret.js';

/** The most that an account may have which are not deleted. */
export const MOST_KEY_STORES = 1_000;

/** The most that one request may create or replace. */
export const MOST_ITEMS = 50;

/** Bytes. */
export const LARGEST_P12 = 256 * 1024;

/** `expired` wins over the others. */
export type KeyStoreStatus = 'available' | 'unavailable' | 'expired';

/** How long the secret of a deleted key store stays in the vault, softly deleted. */
export interface SecretRetention {
  readonly destroyed: boolean;
  /** From when on it is destroyed. */
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
  /** Of a deleted one alone. */
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

/** What became of a request's items, in their order. */
export interface SavedKeyStores {
  readonly stored: readonly KeyStoreView[];
  /** The vault has not taken their secrets: new ones stay unavailable, replaced ones as they were. */
  readonly failed: readonly KeyStoreView[];
}
