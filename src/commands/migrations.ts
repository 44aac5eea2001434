import type { DataSource } from 'typeorm';

import { StartError } from '../common/start-error.js';
import { migrate } from '../database/migrate.js';
import type { Announce } from './running-database.js';

/** Brings the schema up to date and says what was done; answers how many migrations that took. */
export async function migrateAloud(dataSource: DataSource, announce: Announce): Promise<number> {
  const names = await migrate(dataSource);
  for (const name of names) announce(`Migrated: ${name}`);
  return names.length;
}

/** With MIGRATE=off: a server without its tables would answer every request with a defect. */
export async function requireMigrated(dataSource: DataSource): Promise<void> {
  if (!(await dataSource.showMigrations())) return;
  throw new StartError(
    'The database lacks migrations, and MIGRATE is off. Run them first: npm run migrate ' +
      '(in the image: node dist/src/commands/migrate.js).',
  );
}
