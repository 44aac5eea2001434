import type { CredentialRow } from '../credentials/credential.table.js';
import type { StatementRunner } from '../database/database.js';

/**
 * Reads the same password at each attempt: one that was deleted and made anew meanwhile is not what was to be changed.
 * Its extId, which no path names, is known once it was read.
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
