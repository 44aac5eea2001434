import { identifier, instant, uuid } from '../database/column.js';
import { table } from '../database/table.js';

/** The secret part of a password credential; everything else of it is a row of `credentials`. */
export const PASSWORDS = table(
  'passwords',
  {
    clientExtId: identifier(),
    credentialExtId: identifier(),
    userExtId: identifier(),
    hash: identifier(),
    /** Another one with each password: an X-Token names the one that it was issued for, and ends with it (contract 4.7). */
    generation: uuid(),
    changedAt: instant(),
  },
  {
    primaryKey: { name: 'passwords_pk', columns: ['clientExtId', 'credentialExtId'] },
    uniques: [{ name: 'passwords_user_unique', columns: ['clientExtId', 'userExtId'] }],
    foreignKeys: [
      {
        name: 'passwords_credential_fk',
        columns: ['clientExtId', 'credentialExtId'],
        to: 'credentials',
        toColumns: ['clientExtId', 'extId'],
      },
    ],
  },
);

/** What is stored of a password itself. */
export const SECRET_COLUMNS = ['hash', 'generation'] as const;
