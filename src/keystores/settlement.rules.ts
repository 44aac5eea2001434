import type { KeyStoreRow } from './key-store-row.model.js';

/** What has to be done so that row and vault agree, once no operation is on its way any more. */
export type Settlement =
  /** The row is gone for its users: so are its secrets. */
  | { readonly kind: 'deleted'; readonly softDelete: readonly number[] }
  /** The row names its secret, which is there or is not; others were superseded, or never got their row. */
  | {
      readonly kind: 'named';
      readonly state: 'available' | 'unavailable';
      readonly destroy: readonly number[];
    }
  /** The row never heard that the vault has its secret; one of these may be it. Descending. */
  | { readonly kind: 'unnamed'; readonly candidates: readonly number[] };

/** `live`: the versions that the vault holds. */
export function settlementOf(
  { deletedAt, vaultVersion }: Pick<KeyStoreRow, 'deletedAt' | 'vaultVersion'>,
  live: readonly number[],
): Settlement {
  if (deletedAt !== null) return { kind: 'deleted', softDelete: live };
  if (vaultVersion === null) return { kind: 'unnamed', candidates: live.toSorted((a, b) => b - a) };
  return {
    kind: 'named',
    state: live.includes(vaultVersion) ? 'available' : 'unavailable',
    destroy: live.filter((version) => version !== vaultVersion),
  };
}

export type Finding =
  | { readonly kind: 'agrees' }
  /** Someone has removed the secret, or brought it back. */
  | { readonly kind: 'changed'; readonly state: 'available' | 'unavailable' }
  /** There is more than the row knows of; it is settled once that cannot belong to an operation on its way. */
  | { readonly kind: 'unknownVersions' };

/** Compares a row that nothing is being done to with the versions that the vault holds. */
export function compare(
  { state, vaultVersion }: Pick<KeyStoreRow, 'state' | 'vaultVersion'>,
  live: readonly number[],
): Finding {
  if (live.some((version) => version !== vaultVersion)) return { kind: 'unknownVersions' };
  const found = live.length > 0 ? 'available' : 'unavailable';
  return found === state ? { kind: 'agrees' } : { kind: 'changed', state: found };
}
