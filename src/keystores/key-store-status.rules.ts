import type { KeyStoreRow } from './key-store-row.model.js';
import type { KeyStoreStatus, KeyStoreView } from './key-store.model.js';

type Standing = Pick<KeyStoreRow, 'state' | 'expires' | 'deletedAt'>;

/** Past notAfter wins over whatever the vault holds (L1, status), which is nothing of a deleted one. */
export function statusOf({ state, expires, deletedAt }: Standing, now: Date): KeyStoreStatus {
  if (expires <= now) return 'expired';
  return state === 'available' && deletedAt === null ? 'available' : 'unavailable';
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
