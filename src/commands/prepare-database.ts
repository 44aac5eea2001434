import type { DataSource } from 'typeorm';

import type { Settings } from '../config/settings.js';
import { migrateAndReport, requireKnownSchema, requireMigrated } from './migrations.js';
import { print } from './report.js';
import { requirePostgres } from './require-postgres.js';
import { connect, disconnect, type RunningDatabase, startDatabase } from './running-database.js';
import type { Shutdown } from './shutdown.js';

export interface PreparedDatabase extends RunningDatabase {
  readonly dataSource: DataSource;
}

/** Starts the embedded database where there is no other, connects, and runs or requires the migrations. */
export async function prepareDatabase(settings: Settings, shutdown: Shutdown): Promise<PreparedDatabase> {
  const running = await startDatabase(settings, print);
  shutdown.add(running.stop);
  const dataSource = await connect(settings, running.url, print);
  shutdown.add(async () => await disconnect(dataSource));
  await requirePostgres(dataSource);
  await requireKnownSchema(dataSource, print);
  if (settings.database.migrate) await migrateAndReport(dataSource, print);
  else await requireMigrated(dataSource);
  return { ...running, dataSource };
}
