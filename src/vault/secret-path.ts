import { createHash } from 'node:crypto';

import type { SecretAddress } from './secret-vault.js';

/**
 * The id of an account may contain `/` and `..`, which URL libraries resolve, so it could refer to the folder of
 * another tenant. Its digest cannot.
 */
export function accountFolder(accountId: string): string {
  return `accounts/${createHash('sha256').update(accountId).digest('hex')}`;
}

export function secretPath({ accountId, keyStoreId }: SecretAddress): string {
  return `${accountFolder(accountId)}/${keyStoreId}`;
}
