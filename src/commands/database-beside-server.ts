import type { Settings } from '../config/settings.js';
import { findEmbeddedPostgres } from '../database/embedded-postgres.js';
import { print } from './report.js';
import { startDatabase } from './running-database.js';
import type { Shutdown } from './shutdown.js';

/** For a command beside a serving server, which in the embedded mode is the one that runs the database. */
export async function databaseBesideServer(settings: Settings, shutdown: Shutdown): Promise<string> {
  const { database, dataDirectory } = settings;
  const found = database.url === undefined ? await findEmbeddedPostgres({ dataDirectory, announce: print }) : undefined;
  if (found !== undefined) return found;
  const running = await startDatabase(settings, print);
  shutdown.add(running.stop);
  return running.url;
}
