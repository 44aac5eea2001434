import type { CredentialRow } from '../credentials/credential.table.js';
import type { StatementRunner } from '../database/database.js';

/**
 * Reads the same password at each attempt. If it was deleted and created again meanwhile, it is a different password,
 * which must not be changed. The extId is not in the path, so it is known only after the first read.
 */
export function samePassword<Row extends Pick<CredentialRow, 'extId'>>(
  readPassword: (runner: StatementRunner) => Promise<Row | undefined>,
) {
  let extId = '';
  return {
    extId: () => extId,
    read: async (runner: StatementRunner): Promise<Row | undefined> => {
      const row = await readPassword(runner);
      if (extId === '') extId = row?.extId ?? '';
      return row?.extId === extId ? row : undefined;
    },
  };
}
