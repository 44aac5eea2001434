import type { Secret } from '../common/secret.js';

/** Per account; deleted ones do not count. */
export const MAX_KEY_STORES = 1_000;

/** Per request. */
export const MAX_ITEMS = 50;

export const MAX_P12_BYTES = 256 * 1024;

/** `expired` takes precedence over the others. */
export type KeyStoreStatus = 'available' | 'unavailable' | 'expired';

/** Until when the vault keeps the soft-deleted secret of a deleted key store. */
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
  /** Only for a deleted one. */
  readonly retention: SecretRetention | undefined;
}

/** A key store file and its password, as sent. */
export interface SentFile {
  readonly p12: Buffer;
  /** Undefined if the file has no password. */
  readonly password: string | undefined;
}

export interface SentKeyStore {
  readonly name: string;
  /** Null: the same as the name. Undefined: unchanged. */
  readonly displayName: string | null | undefined;
  readonly file: Secret<SentFile>;
}

export interface SentReplacement extends SentKeyStore {
  readonly id: number;
}

/** The results, in the order of the items of the request. */
export interface SavedKeyStores {
  readonly stored: readonly KeyStoreView[];
  /** Items whose secrets the vault did not store: new ones stay unavailable, replaced ones keep their old secret. */
  readonly failed: readonly KeyStoreView[];
}
