import type { KeyStoreRow } from './key-store-row.model.js';
import type { KeyStoreStatus, KeyStoreView } from './key-store.model.js';

/** Past notAfter wins over whatever the vault holds (L1, status). */
export function statusOf({ state, expires }: Pick<KeyStoreRow, 'state' | 'expires'>, now: Date): KeyStoreStatus {
  if (expires <= now) return 'expired';
  return state === 'available' ? 'available' : 'unavailable';
}

/** Names every member that leaves. */
export function viewOf(row: KeyStoreRow, now: Date): KeyStoreView {
  return {
    accountId: row.clientExtId,
    id: row.id,
    name: row.name,
    displayName: row.displayName ?? row.name,
    status: statusOf(row, now),
    expires: row.expires,
    deleted: row.deletedAt !== null,
  };
}
