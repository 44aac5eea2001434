import { access } from 'node:fs/promises';
import { join } from 'node:path';

import { StartError } from '../common/start-error.js';
import { generatedSecret } from '../config/generated-secrets.js';

const NAME = 'postgres-password';

/**
 * The database superuser's password, made on first use. It is the only thing that keeps other users of this machine out
 * of a server that listens on loopback.
 *
 * @param expected true where a cluster exists that was made with one
 */
export async function superuserPassword(dataDirectory: string, expected: boolean): Promise<string> {
  const file = join(dataDirectory, 'secrets', NAME);
  if (expected) {
    await access(file).catch((cause: Error) => {
      throw new StartError(
        `The embedded database exists, but its password cannot be read: ${cause.message}. ` +
          'Put the file back, or remove the whole data directory to begin anew.',
        { cause },
      );
    });
  }
  return generatedSecret(dataDirectory, NAME).toString('utf8').trim();
}
