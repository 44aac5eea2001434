import type { KeyStoreRow } from './key-store.table.js';

/** What to do to make the row and the vault consistent once no operation is in progress. */
export type Settlement =
  /** The row is soft-deleted, and its secrets as well until they are destroyed. */
  | { readonly kind: 'deleted'; readonly softDelete: readonly number[]; readonly destroy: readonly number[] }
  /**
   * The row has a version, which may exist in the vault or not. All other versions were replaced or never recorded in
   * the row.
   */
  | {
      readonly kind: 'named';
      readonly state: 'available' | 'unavailable';
      /**
       * A later version was written and possibly destroyed: reading the path without a version would return that one.
       */
      readonly restore: boolean;
      readonly destroy: readonly number[];
    }
  /** The version was never recorded in the row; one of these may belong to it. Descending. */
  | { readonly kind: 'unnamed'; readonly candidates: readonly number[] };

/** The versions of one secret in the vault. */
export interface Held {
  /** The highest version that was ever written. */
  readonly current: number;
  readonly live: readonly number[];
  readonly softDeleted: readonly number[];
}

/** Secrets of key stores that were deleted at or before `destroyUntil` are destroyed. */
export function settlementOf(
  { deletedAt, vaultVersion }: Pick<KeyStoreRow, 'deletedAt' | 'vaultVersion'>,
  { current, live, softDeleted }: Held,
  destroyUntil: Date,
): Settlement {
  if (deletedAt !== null) {
    return deletedAt <= destroyUntil
      ? { kind: 'deleted', softDelete: [], destroy: [...live, ...softDeleted] }
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
  /** The secret was removed or restored outside of this server. */
  | { readonly kind: 'changed'; readonly state: 'available' | 'unavailable' }
  /**
   * The vault has versions that the row does not know. The row is settled once they cannot belong to an operation in
   * progress.
   */
  | { readonly kind: 'unknownVersions' };

/** Compares a row without a claim with the contents of the vault. `isOwn`: the version has the p12 of the row. */
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
