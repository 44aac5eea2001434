import type { Pool } from 'pg';

import { StartError } from '../common/start-error.js';

const OLDEST = 15;

/** `versionNumber` is PostgreSQL's `server_version_num`: 150004 for 15.4. */
export function isSupportedPostgres(versionNumber: number): boolean {
  return versionNumber >= OLDEST * 10_000;
}

/** Checked before the first migration, which would fail on an older server with an unclear error. */
export async function requirePostgres(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ number: number; version: string }>(
    "select current_setting('server_version_num')::int as number, current_setting('server_version') as version",
  );
  const [row] = rows;
  if (row !== undefined && isSupportedPostgres(row.number)) return;
  throw new StartError(
    `certkeep needs PostgreSQL ${OLDEST} or later; the database is ${row?.version ?? 'of an unknown version'}. ` +
      'Upgrade it, or name another one in DATABASE_URL.',
  );
}
