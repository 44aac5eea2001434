import { StartError } from '../../common/start-error.js';
import type { Database } from '../../database/database.js';
import type { KeyRing } from './envelope.js';
import { COUNT_UNDER_OTHER_KEYS, type UnderKey } from './sealed-secrets.queries.js';

/** The whole table may have to be read from disk, and no caller is waiting yet. Milliseconds. */
const PATIENCE_MS = 60_000;

/**
 * With a wrong key file everything would seem to work: new secrets are written under the new key, and nobody notices
 * that the old ones cannot be opened until one is read.
 *
 * @throws StartError where secrets are under a key that the ring does not hold
 */
export async function requireKeysInUse(database: Database, ring: KeyRing): Promise<void> {
  const keyIds = ring.map(({ id }) => id);
  const missing = await database.transaction(
    '',
    async (runner) => await COUNT_UNDER_OTHER_KEYS.all(runner, { keyIds }),
    PATIENCE_MS,
  );
  if (missing.length > 0) throw new StartError(refusalOf(missing, keyIds));
}

function refusalOf(missing: readonly UnderKey[], ids: readonly string[]): string {
  const total = missing.reduce((sum, { secrets }) => sum + secrets, 0);
  return [
    `Secrets of key stores that no key of VAULT_KEY_FILE opens: ${total}.`,
    ...missing.map(({ keyId, secrets }) => `  under the key ${keyId}: ${secrets}`),
    `The file holds ${ids.join(', ')}. Add what is missing to it as a further line, below the current key; where`,
    'VAULT_KEY_FILE is not set, the file is secrets/vault-key in the data directory. Other servers that run may have it:',
    'then this one lacks their file. `npm run vault:rotate` makes an old key superfluous. If a key is lost for ever, so',
    'are its secrets: docs/settings.md has the statement that gives them up.',
  ].join('\n');
}
