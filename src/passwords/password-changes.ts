import { LOCK_CREDENTIAL, LOCK_USER } from '../credentials/credential.queries.js';
import type { CredentialRow } from '../credentials/credential.table.js';
import type { StatementRunner } from '../database/database.js';
import type { Locks } from '../database/locks.js';
import type { PasswordPath } from './password-path.js';

/**
 * How the same password is read and locked at each attempt: one that was deleted and made anew meanwhile is not what was
 * to be changed. Its extId, which the path does not name, is known once it was read.
 */
export function samePassword<Row extends Pick<CredentialRow, 'extId'>>(
  { clientExtId, userExtId }: PasswordPath,
  read: (runner: StatementRunner) => Promise<Row | undefined>,
) {
  let extId = '';
  return {
    key: () => ({ clientExtId, extId }),
    read: async (runner: StatementRunner): Promise<Row | undefined> => {
      const row = await read(runner);
      if (extId === '') extId = row?.extId ?? '';
      return row?.extId === extId ? row : undefined;
    },
    locks: {
      user: async (runner) => await LOCK_USER.all(runner, { clientExtId, userExtId }),
      credential: async (runner) => await LOCK_CREDENTIAL.all(runner, { clientExtId, extId }),
    } satisfies Locks,
  };
}
