import { hash } from 'node:crypto';

import type { Logger } from 'pino';

import { pick } from '../common/pick.js';
import type { StatementRunner } from '../database/database.js';
import type { Conflict, SecretAddress, SecretVault, Unavailable } from '../vault/secret-vault.js';
import { MOVE_SECRET_OF_KEY_STORE } from './key-store.queries.js';
import { CLAIMED_KEY, type KeyStoreRow } from './key-store.table.js';
import type { VaultCalls } from './vault-limits.js';

type Own = Awaited<ReturnType<SecretVault['read']>> & { readonly outcome: 'found' };

/** `another`: the secret has a different p12 than the row. `unreadable`: no key opens it. */
export async function readMatchingSecret(
  vault: SecretVault,
  row: Pick<KeyStoreRow, 'clientExtId' | 'id' | 'p12Sha256'>,
  version: number,
  signal?: AbortSignal,
): Promise<Own | { readonly outcome: 'gone' | 'unreadable' | 'another' } | Unavailable> {
  const found = await vault.read(addressOf(row), version, signal);
  if (found.outcome === 'unavailable') return found.reason === 'unreadable' ? { outcome: 'unreadable' } : found;
  if (found.outcome !== 'found') return { outcome: 'gone' };
  const isOwn = hash('sha256', found.secret.reveal().p12, 'buffer').equals(row.p12Sha256);
  return isOwn ? found : { outcome: 'another' };
}

export type Restored =
  | { readonly outcome: 'restored'; readonly version: number }
  /** The vault has no matching secret to write again. */
  | { readonly outcome: 'notOwn' }
  /** Another operation has written a version or taken over the row, and settles it. */
  | { readonly outcome: 'overtaken' }
  | { readonly outcome: 'vaultUnavailable' | 'callsSpent' };

/**
 * Writes the secret of the row again as the newest version after `current`, and updates the row, so that reading the
 * path without a version returns the secret of the row. The caller holds the claim of the row and keeps it.
 */
export async function restoreSecret(
  { database, vault }: { readonly database: StatementRunner; readonly vault: SecretVault },
  row: KeyStoreRow & { readonly vaultVersion: number },
  current: number,
  { calls, signal }: { readonly calls?: VaultCalls; readonly signal?: AbortSignal },
): Promise<Restored> {
  const address = addressOf(row);
  if (calls?.take() === false) return { outcome: 'callsSpent' };
  const own = await readMatchingSecret(vault, row, row.vaultVersion, signal);
  if (own.outcome === 'unavailable') return { outcome: 'vaultUnavailable' };
  if (own.outcome !== 'found') return { outcome: 'notOwn' };
  if (calls?.take() === false) return { outcome: 'callsSpent' };
  const written = await vault.write(address, current, own.secret, signal);
  if (written.outcome === 'unavailable') return { outcome: 'vaultUnavailable' };
  if (written.outcome === 'conflict') return { outcome: 'overtaken' };
  const moved = { ...pick(row, CLAIMED_KEY), vaultVersion: written.version };
  if ((await MOVE_SECRET_OF_KEY_STORE.first(database, moved)) !== undefined) {
    return { outcome: 'restored', version: written.version };
  }
  // This call is not counted; otherwise the operation that took over the row would have to find this version.
  await vault.destroy(address, written.version, signal);
  return { outcome: 'overtaken' };
}

export function addressOf({ clientExtId, id }: Pick<KeyStoreRow, 'clientExtId' | 'id'>): SecretAddress {
  return { accountId: clientExtId, keyStoreId: id };
}

/** Logs why a secret was not stored. Callers learn only that it was not. */
export function logFailure(
  logger: Logger,
  requestId: string,
  { accountId, keyStoreId }: SecretAddress,
  failure: Unavailable | Conflict,
): void {
  const where = { requestId, accountId, keyStoreId };
  if (failure.outcome === 'conflict') logger.info(where, 'the secret of a key store was changed concurrently');
  else logger.warn({ ...where, reason: failure.reason }, 'the vault did not accept a change');
}
