/**
 * `pending`: its creation has not ended. `unavailable`: the vault is known not to hold its secret, or was never heard
 * to.
 */
type KeyStoreState = 'pending' | 'available' | 'unavailable';

/** What a new p12 changes. */
export interface KeyStoreContent {
  readonly subjectDn: string | null;
  readonly expires: Date;
  readonly p12Sha256: Buffer;
}

/** A key store as the statements of `key-store.queries.ts` read it. */
export interface KeyStoreRow extends KeyStoreContent {
  readonly clientExtId: string;
  readonly id: number;
  readonly incarnation: string;
  readonly name: string;
  readonly displayName: string | null;
  readonly state: KeyStoreState;
  readonly vaultVersion: number | null;
  readonly claim: string | null;
  readonly version: number;
  readonly created: Date;
  readonly lastModified: Date;
  readonly deletedAt: Date | null;
  readonly secretDestroyedAt: Date | null;
}
