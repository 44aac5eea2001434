import type { Pool } from 'pg';

import type { Settings } from '../config/settings.js';
import { isMigrated } from '../database/schema-state.js';
import { migrateAndReport, requireKnownSchema, requireMigrated } from './migrations.js';
import { print } from './report.js';
import { requirePostgres } from './require-postgres.js';
import { connect, disconnect, type RunningDatabase, startDatabase } from './running-database.js';
import type { Shutdown } from './shutdown.js';

export interface PreparedDatabase extends RunningDatabase {
  readonly pool: Pool;
}

/** Starts the embedded database where there is no other, connects, and runs or requires the migrations. */
export async function prepareDatabase(settings: Settings, shutdown: Shutdown): Promise<PreparedDatabase> {
  const running = await startDatabase(settings, print);
  shutdown.add(running.stop);
  const pool = await connect(settings, running.url, print, shutdown.ending);
  shutdown.add(async () => await disconnect(pool));
  await requirePostgres(pool);
  await requireKnownSchema(pool, print);
  if (!settings.database.migrate) await requireMigrated(pool);
  else if (!(await isMigrated(pool))) await migrateAndReport(settings, running.url, print, shutdown.ending);
  return { ...running, pool };
}
