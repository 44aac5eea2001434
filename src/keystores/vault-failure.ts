import type { Logger } from 'pino';

import type { Conflict, SecretAddress, Unavailable } from '../vault/secret-vault.js';

/** Why a secret was not stored, for the operator: callers learn that it was not, and no more. */
export function logFailure(
  logger: Logger,
  requestId: string,
  { accountId, keyStoreId }: SecretAddress,
  failure: Unavailable | Conflict,
): void {
  const reason = failure.outcome === 'unavailable' ? failure.reason : failure.outcome;
  logger.warn({ requestId, accountId, keyStoreId, reason }, 'the vault did not take a change');
}
