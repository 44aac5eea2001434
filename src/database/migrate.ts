import { setTimeout as pause } from 'node:timers/promises';

import { DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';

import { VERSION } from '../common/version.js';
import { dataSourceOptions } from './data-source.js';
import { ADVISORY_LOCKS } from './locks.js';
import type { DatabaseSettings } from './pool.js';
import { knownState, writeSchemaState } from './schema-state.js';

const BEGIN = 'set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0';
const END =
  'select pg_advisory_unlock_all(); reset statement_timeout; reset lock_timeout; reset idle_in_transaction_session_timeout';

/** Pause between two attempts to get the lock. */
const PAUSE_MS = 500;

/** While another server migrates. */
export interface Waiting {
  announce(line: string): void;
  /** Aborted when this server ends. */
  readonly ending: AbortSignal;
}

const SILENTLY: Waiting = { announce: () => undefined, ending: new AbortController().signal };

/** The same on a connection of its own. */
export async function migrateDatabase(settings: DatabaseSettings, waiting: Waiting): Promise<readonly string[]> {
  const dataSource = await new DataSource(dataSourceOptions({ ...settings, poolSize: 1 })).initialize();
  try {
    return await migrate(dataSource, waiting);
  } finally {
    await dataSource.destroy();
  }
}

/**
 * Runs pending migrations and returns their names. Everything runs on one connection, because the pool may not have a
 * second one, and migrations may be slow.
 */
export async function migrate(dataSource: DataSource, waiting = SILENTLY): Promise<readonly string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query(BEGIN);
    await lock(runner, waiting);
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

/** Asks again and again, as a statement that waits could not be ended, and would hold a snapshot. */
async function lock(runner: QueryRunner, { announce, ending }: Waiting): Promise<void> {
  for (let attempts = 0; ; attempts += 1) {
    const [row] = (await runner.query('select pg_try_advisory_lock($1) as locked', [ADVISORY_LOCKS.migration])) as [
      { readonly locked: boolean },
    ];
    if (row.locked) return;
    if (attempts === 0) announce('Waiting for another server, which is running the migrations …');
    await pause(PAUSE_MS, undefined, { signal: ending });
  }
}
