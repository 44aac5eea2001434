import type { DataSource } from 'typeorm';

/** Any number, as long as every version of certkeep uses the same: one of two starts at once waits for the other. */
const MIGRATION_LOCK = 7_245_118_904;

/** Brings the schema up to date; answers the names of the migrations that ran. */
export async function migrate(dataSource: DataSource): Promise<readonly string[]> {
  const guard = dataSource.createQueryRunner();
  try {
    await guard.query('set statement_timeout = 0');
    await guard.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const ran = await dataSource.runMigrations();
    return ran.map((migration) => migration.name);
  } finally {
    await guard.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await guard.query('reset statement_timeout');
    await guard.release();
  }
}
