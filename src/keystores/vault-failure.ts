import type { Logger } from 'pino';

import type { Conflict, SecretAddress, Unavailable } from '../vault/secret-vault.js';

/** Why a secret was not stored, for the operator: callers learn that it was not, and no more. */
export function logFailure(
  logger: Logger,
  requestId: string,
  { accountId, keyStoreId }: SecretAddress,
  failure: Unavailable | Conflict,
): void {
  const where = { requestId, accountId, keyStoreId };
  if (failure.outcome === 'conflict') logger.info(where, 'somebody else has changed the secret of a key store first');
  else logger.warn({ ...where, reason: failure.reason }, 'the vault did not take a change');
}
