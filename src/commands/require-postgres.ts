import type { Pool } from 'pg';

import { StartError } from '../common/start-error.js';

const OLDEST = 15;

/** `versionNumber` is PostgreSQL's `server_version_num`: 150004 for 15.4. */
export function isSupportedPostgres(versionNumber: number): boolean {
  return versionNumber >= OLDEST * 10_000;
}

/** Checked before the first migration, which would fail on an older server with an unclear error; texts with other characters would fail later. */
export async function requirePostgres(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ number: number; version: string; encoding: string }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as version,
      current_setting('server_encoding') as encoding`,
  );
  const [row] = rows;
  if (row === undefined || !isSupportedPostgres(row.number)) {
    throw new StartError(
      `certkeep needs PostgreSQL ${OLDEST} or later; the database is ${row?.version ?? 'of an unknown version'}. ` +
        'Upgrade it, or name another one in DATABASE_URL.',
    );
  }
  if (row.encoding !== 'UTF8') {
    throw new StartError(
      `certkeep needs a database with the encoding UTF8; this one has ${row.encoding}, and cannot store every name. ` +
        'Create another one (createdb --encoding=UTF8 --template=template0), and name it in DATABASE_URL.',
    );
  }
}
