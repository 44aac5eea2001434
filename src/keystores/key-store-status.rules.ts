import type { KeyStoreStatus, KeyStoreView, SavedKeyStores, SecretRetention } from './key-store.model.js';
import type { KeyStoreRow } from './key-store.table.js';

type Standing = Pick<KeyStoreRow, 'state' | 'expires' | 'deletedAt'>;

/**
 * An expired certificate takes precedence over the state in the vault (L1, status). It is valid through notAfter
 * (RFC 5280 section 4.1.2.5). A deleted key store is not available.
 */
export function statusOf({ state, expires, deletedAt }: Standing, now: Date): KeyStoreStatus {
  if (expires < now) return 'expired';
  return state === 'available' && deletedAt === null ? 'available' : 'unavailable';
}

const DAY_MS = 86_400_000;

/** Secrets of key stores that were deleted at or before this time are destroyed now. */
export function destroyedIfDeletedUntil(now: Date, retentionDays: number): Date {
  return new Date(now.getTime() - retentionDays * DAY_MS);
}

function retentionOf(
  { deletedAt, secretDestroyedAt }: Pick<KeyStoreRow, 'deletedAt' | 'secretDestroyedAt'>,
  retentionDays: number,
): SecretRetention | undefined {
  if (deletedAt === null) return undefined;
  const until = new Date(deletedAt.getTime() + retentionDays * DAY_MS);
  return { destroyed: secretDestroyedAt !== null, until: secretDestroyedAt ?? until };
}

/** Lists every member that is returned. */
export function viewOf(row: KeyStoreRow, now: Date, retentionDays: number): KeyStoreView {
  return {
    accountId: row.clientExtId,
    id: row.id,
    name: row.name,
    displayName: row.displayName ?? row.name,
    status: statusOf(row, now),
    expires: row.expires,
    deleted: row.deletedAt !== null,
    retention: retentionOf(row, retentionDays),
  };
}

/** Whether the vault has stored the secret of each row. */
export function savedViews(
  results: readonly { readonly row: KeyStoreRow; readonly isStored: boolean }[],
  now: Date,
  retentionDays: number,
): SavedKeyStores {
  const views = (wanted: boolean) =>
    results.filter(({ isStored }) => isStored === wanted).map(({ row }) => viewOf(row, now, retentionDays));
  return { stored: views(true), failed: views(false) };
}
