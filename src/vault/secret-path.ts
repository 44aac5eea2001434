import { createHash } from 'node:crypto';

import type { SecretAddress } from './secret-vault.js';

/**
 * An account's id may hold `/` and `..`, which URL libraries resolve: as a path it would lead one tenant into another's
 * folder. Its digest leads nowhere.
 */
export function accountFolder(accountId: string): string {
  return `accounts/${createHash('sha256').update(accountId).digest('hex')}`;
}

export function secretPath({ accountId, keyStoreId }: SecretAddress): string {
  return `${accountFolder(accountId)}/${keyStoreId}`;
}
