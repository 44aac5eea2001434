import type { KeyStoreRow } from './key-store.table.js';

/** What makes row and vault agree once no operation is under way. */
export type Settlement =
  /** The row is soft-deleted, and so are its secrets until they are destroyed. */
  | { readonly kind: 'deleted'; readonly softDelete: readonly number[]; readonly destroy: readonly number[] }
  /** The row names its version, which is there or not. Others were replaced, or never reached the row. */
  | {
      readonly kind: 'named';
      readonly state: 'available' | 'unavailable';
      /** A later version was written, perhaps destroyed since: reading the path without a version finds that one. */
      readonly restore: boolean;
      readonly destroy: readonly number[];
    }
  /** Nobody told the row which version is its own; one of these may be it. Descending. */
  | { readonly kind: 'unnamed'; readonly candidates: readonly number[] };

/** Versions that the vault holds of one secret. */
export interface Held {
  /** The highest that was ever written. */
  readonly current: number;
  readonly live: readonly number[];
  readonly softlyDeleted: readonly number[];
}

/** Secrets of key stores that were deleted by `destroyUntil` are destroyed. */
export function settlementOf(
  { deletedAt, vaultVersion }: Pick<KeyStoreRow, 'deletedAt' | 'vaultVersion'>,
  { current, live, softlyDeleted }: Held,
  destroyUntil: Date,
): Settlement {
  if (deletedAt !== null) {
    return deletedAt <= destroyUntil
      ? { kind: 'deleted', softDelete: [], destroy: [...live, ...softlyDeleted] }
      : { kind: 'deleted', softDelete: live, destroy: [] };
  }
  if (vaultVersion === null) return { kind: 'unnamed', candidates: live.toSorted((a, b) => b - a) };
  return {
    kind: 'named',
    state: live.includes(vaultVersion) ? 'available' : 'unavailable',
    restore: live.includes(vaultVersion) && current > vaultVersion,
    destroy: live.filter((version) => version !== vaultVersion),
  };
}

export type Finding =
  | { readonly kind: 'agrees' }
  /** Someone has removed the secret, or brought it back. */
  | { readonly kind: 'changed'; readonly state: 'available' | 'unavailable' }
  /** The vault has versions unknown to the row, which is settled once they cannot belong to an operation under way. */
  | { readonly kind: 'unknownVersions' };

/** Compares a row without a claim with what the vault holds. `isOwn`: its version has the row's p12. */
export function compare(
  { state, vaultVersion }: Pick<KeyStoreRow, 'state' | 'vaultVersion'>,
  { current, live }: Pick<Held, 'current' | 'live'>,
  isOwn: boolean,
): Finding {
  if (live.some((version) => version !== vaultVersion)) return { kind: 'unknownVersions' };
  const found = live.length > 0 && isOwn ? 'available' : 'unavailable';
  if (found === 'available' && current !== vaultVersion) return { kind: 'unknownVersions' };
  return found === state ? { kind: 'agrees' } : { kind: 'changed', state: found };
}
