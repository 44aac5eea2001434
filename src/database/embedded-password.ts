import { access } from 'node:fs/promises';
import { join } from 'node:path';

import { StartError } from '../common/start-error.js';
import { generatedSecret } from '../config/generated-secrets.js';

const NAME = 'postgres-password';

/**
 * The password of the database superuser, generated on first use. Nothing else prevents other users of this machine
 * from connecting to the server on loopback.
 *
 * @param expected true if a cluster exists that was created with a password
 */
export async function superuserPassword(dataDirectory: string, expected: boolean): Promise<string> {
  const file = join(dataDirectory, 'secrets', NAME);
  if (expected) {
    await access(file).catch((cause: Error) => {
      throw new StartError(
        `The embedded database exists, but its password cannot be read: ${cause.message}. ` +
          'Put the file back, or remove the whole data directory to start over.',
        { cause },
      );
    });
  }
  return generatedSecret(dataDirectory, NAME).toString('utf8').trim();
}
