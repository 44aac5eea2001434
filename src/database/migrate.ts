import { DataSource, MigrationExecutor } from 'typeorm';

import { VERSION } from '../common/version.js';
import { dataSourceOptions } from './data-source.js';
import { ADVISORY_LOCKS } from './locks.js';
import type { DatabaseSettings } from './pool.js';
import { knownState, writeSchemaState } from './schema-state.js';

const BEGIN = 'set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0';
const END =
  'select pg_advisory_unlock_all(); reset statement_timeout; reset lock_timeout; reset idle_in_transaction_session_timeout';

/** The same on a connection of its own. */
export async function migrateDatabase(settings: DatabaseSettings): Promise<readonly string[]> {
  const dataSource = await new DataSource(dataSourceOptions({ ...settings, poolSize: 1 })).initialize();
  try {
    return await migrate(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/**
 * Runs pending migrations and returns their names. Everything runs on one connection, because the pool may not have a
 * second one, and migrations may be slow.
 */
export async function migrate(dataSource: DataSource): Promise<readonly string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query(BEGIN);
    await runner.query('select pg_advisory_lock($1)', [ADVISORY_LOCKS.migration]);
    const executor = new MigrationExecutor(dataSource, runner);
    executor.transaction = 'each';
    const ran = await executor.executePendingMigrations();
    await writeSchemaState(runner, knownState(VERSION));
    return ran.map((migration) => migration.name);
  } finally {
    // Settings of a broken connection are lost anyway.
    await runner.query(END).catch(() => undefined);
    await runner.release();
  }
}
