import type { KeyStoreRow } from './key-store-row.model.js';

/** What has to be done so that row and vault agree, once no operation is on its way any more. */
export type Settlement =
  /** The row is gone for its users: so are its secrets, softly deleted until they are destroyed. */
  | { readonly kind: 'deleted'; readonly softDelete: readonly number[]; readonly destroy: readonly number[] }
  /** The row names its secret, which is there or is not; others were superseded, or never got their row. */
  | {
      readonly kind: 'named';
      readonly state: 'available' | 'unavailable';
      /** A later version was written, which may be destroyed by now: who reads the path gets that one. */
      readonly restore: boolean;
      readonly destroy: readonly number[];
    }
  /** The row never heard that the vault has its secret; one of these may be it. Descending. */
  | { readonly kind: 'unnamed'; readonly candidates: readonly number[] };

/** Versions that the vault holds of one secret. */
export interface Held {
  /** The highest that was ever written. */
  readonly current: number;
  readonly live: readonly number[];
  readonly softlyDeleted: readonly number[];
}

/** Secrets of key stores that were deleted until `destroyUntil` are kept no longer. */
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
  /** There is more than the row knows of; it is settled once that cannot belong to an operation on its way. */
  | { readonly kind: 'unknownVersions' };

/** Compares a row that nothing is being done to with what the vault holds. `isOwn`: its version has its p12. */
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
