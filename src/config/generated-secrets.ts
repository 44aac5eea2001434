import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { diskProblemOf } from '../common/disk-problem.js';
import { StartError } from '../common/start-error.js';
import { makeFolder } from './make-folder.js';
import { SECRET_BYTES } from './signing-keys.js';

/**
 * A secret of the embedded mode: generated on the first start and then reused, with mode 0600 in a folder
 * with mode 0700. The file appears with its complete content, so that two concurrent starts use the same secret.
 */
export function generatedSecret(dataDirectory: string, name: string): Buffer {
  const folder = join(dataDirectory, 'secrets');
  const file = join(folder, name);
  try {
    makeFolder(folder, 0o700);
    chmodSync(folder, 0o700);
    const draft = `${file}.${process.pid}`;
    try {
      writeFileSync(draft, randomBytes(SECRET_BYTES).toString('base64url'), { mode: 0o600 });
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
    return readFileSync(file);
  } catch (error) {
    const { cause, remedy } = diskProblemOf((error as Error).message);
    throw new StartError(
      `certkeep cannot keep its secrets in ${folder}: ${cause}. ${remedy}, or name another folder with CERTKEEP_DATA.`,
      { cause: error },
    );
  }
}
