import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { StartError } from '../common/start-error.js';

/**
 * The database superuser's password out of `secrets/`, made on first use. It is the only thing that keeps other users
 * of this machine out of a server that listens on loopback.
 *
 * @param expected true where a cluster exists that was made with one
 */
export async function superuserPassword(secretsDirectory: string, expected: boolean): Promise<string> {
  const file = join(secretsDirectory, 'postgres-password');
  const stored = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new StartError(`The embedded database's password cannot be read: ${error.message}.`, { cause: error });
  });
  if (stored.trim() !== '') return stored.trim();
  if (expected) {
    throw new StartError(
      `The embedded database exists, but its password is missing (${file}). ` +
        'Put the file back, or remove the whole data directory to begin anew.',
    );
  }
  await mkdir(secretsDirectory, { recursive: true, mode: 0o700 });
  await chmod(secretsDirectory, 0o700);
  const password = randomBytes(24).toString('hex');
  const partial = `${file}.partial-${process.pid}`;
  await writeFile(partial, `${password}\n`, { mode: 0o600 });
  await rename(partial, file);
  return password;
}
