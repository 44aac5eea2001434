import type { Pool } from 'pg';

import { StartError } from '../common/start-error.js';
import { VERSION } from '../common/version.js';
import type { Settings } from '../config/settings.js';
import { isMigrated, knownState, readSchemaState } from '../database/schema-state.js';
import { compatibilityOf } from '../database/schema-state.rules.js';
import type { Announce } from './report.js';

/** Runs pending migrations and reports each; returns their number. */
export async function migrateAndReport(
  { database }: Settings,
  url: string,
  announce: Announce,
  ending: AbortSignal,
): Promise<number> {
  // TypeORM is as large as the server, which needs it only then.
  const { migrateDatabase } = await import('../database/migrate.js');
  const names = await migrateDatabase({ ...database, url }, { announce, ending });
  for (const name of names) announce(`Migrated: ${name}`);
  return names.length;
}

/** A database that a newer server has migrated records which older servers may still use it. */
export async function requireKnownSchema(pool: Pool, announce: Announce): Promise<void> {
  const found = await readSchemaState(pool);
  if (found === undefined) return;
  const known = knownState(VERSION);
  const both =
    `The database has schema ${found.schema} of certkeep ${found.migratedBy}, ` +
    `and this is certkeep ${VERSION}, which knows schema ${known.schema}`;
  const compatibility = compatibilityOf(found, known.schema);
  if (compatibility === 'newerAndCompatible') announce(`${both}; it can use the database.`);
  if (compatibility === 'tooNew') {
    throw new StartError(
      `${both}. It must not use the database: start a certkeep that knows schema ${found.oldestSchema}, ` +
        'or restore the backup that was made before the upgrade.',
    );
  }
}

/** With MIGRATE=off: without its tables, the server would answer every request with an internal error. */
export async function requireMigrated(pool: Pool): Promise<void> {
  if (await isMigrated(pool)) return;
  throw new StartError(
    'The database lacks migrations, and MIGRATE is off. Run them first: npm run migrate ' +
      '(in the image: node dist/src/commands/migrate.js).',
  );
}
