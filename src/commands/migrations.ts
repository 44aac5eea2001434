import type { DataSource } from 'typeorm';

import { StartError } from '../common/start-error.js';
import { VERSION } from '../common/version.js';
import { migrate } from '../database/migrate.js';
import { knownState, readSchemaState } from '../database/schema-state.js';
import { compatibilityOf } from '../database/schema-state.rules.js';
import type { Announce } from './running-database.js';

/** Brings the schema up to date and says what was done; answers how many migrations that took. */
export async function migrateAndReport(dataSource: DataSource, announce: Announce): Promise<number> {
  const names = await migrate(dataSource);
  for (const name of names) announce(`Migrated: ${name}`);
  return names.length;
}

/** A database that a newer server has migrated says itself which older ones may still run on it. */
export async function requireKnownSchema(dataSource: DataSource, announce: Announce): Promise<void> {
  const found = await readSchemaState(dataSource);
  if (found === undefined) return;
  const known = knownState(VERSION);
  const both =
    `The database has schema ${found.schema} of certkeep ${found.migratedBy}, ` +
    `and this is certkeep ${VERSION}, which knows schema ${known.schema}`;
  const compatibility = compatibilityOf(found, known.schema);
  if (compatibility === 'newerAndCompatible') announce(`${both}; it may run on it.`);
  if (compatibility === 'tooNew') {
    throw new StartError(
      `${both}. It must not run on it: start a certkeep that knows schema ${found.oldestSchema}, ` +
        'or restore the backup that was made before the upgrade.',
    );
  }
}

/** With MIGRATE=off: a server without its tables would answer every request with a defect. */
export async function requireMigrated(dataSource: DataSource): Promise<void> {
  if (!(await dataSource.showMigrations())) return;
  throw new StartError(
    'The database lacks migrations, and MIGRATE is off. Run them first: npm run migrate ' +
      '(in the image: node dist/src/commands/migrate.js).',
  );
}
