import { StartError } from '../../common/start-error.js';
import type { Database } from '../../database/database.js';
import type { KeyRing } from './envelope.js';
import { COUNT_UNDER_OTHER_KEYS, type KeyUsageCount } from './sealed-secrets.queries.js';

/** The whole table may have to be read from disk, and no caller is waiting yet. In milliseconds. */
const STARTUP_CHECK_TIMEOUT_MS = 60_000;

/**
 * Checks that the ring has every key in use. With a wrong key file everything would seem to work: new secrets would be
 * written with the new key, and the problem would appear only when an old one is read.
 *
 * @throws StartError if secrets are encrypted with a key that is not in the ring
 */
export async function requireKeysInUse(database: Database, ring: KeyRing): Promise<void> {
  const keyIds = ring.map(({ id }) => id);
  const missing = await database.transaction(
    '',
    async (runner) => await COUNT_UNDER_OTHER_KEYS.all(runner, { keyIds }),
    STARTUP_CHECK_TIMEOUT_MS,
  );
  if (missing.length > 0) throw new StartError(refusalOf(missing, keyIds));
}

function refusalOf(missing: readonly KeyUsageCount[], ids: readonly string[]): string {
  const total = missing.reduce((sum, { secrets }) => sum + secrets, 0);
  return [
    `Secrets of key stores that no key in VAULT_KEY_FILE can decrypt: ${total}.`,
    ...missing.map(({ keyId, secrets }) => `  encrypted with the key ${keyId}: ${secrets}`),
    `The file holds ${ids.join(', ')}. Add the missing key as a further line, below the current key. Without`,
    'VAULT_KEY_FILE, the file is secrets/vault-key in the data directory. If other servers are running, copy their file.',
    'To get rid of an old key, run `npm run vault:rotate`. If a key is lost for good, so are its secrets:',
    'docs/settings.md has the statement that gives them up.',
  ].join('\n');
}
