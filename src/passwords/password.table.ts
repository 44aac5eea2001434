import { identifier, instant, uuid } from '../database/column.js';
import { table } from '../database/table.js';

/** The secret part of a password credential; all other columns are in `credentials`. */
export const PASSWORDS = table(
  'passwords',
  {
    clientExtId: identifier(),
    credentialExtId: identifier(),
    userExtId: identifier(),
    hash: identifier(),
    /**
     * Differs for each password. An X-Token names the one for which it was issued, and is invalid without it (contract
     * 4.7).
     */
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

/** The stored form of a password. */
export const SECRET_COLUMNS = ['hash', 'generation'] as const;

/** The path parameters of a user's password. */
export interface PasswordPath {
  readonly clientExtId: string;
  readonly userExtId: string;
}
