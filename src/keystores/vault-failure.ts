import type { Logger } from 'pino';

import type { Conflict, SecretAddress, Unavailable } from '../vault/secret-vault.js';

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
