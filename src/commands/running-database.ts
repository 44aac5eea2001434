import { setTimeout as pause } from 'node:timers/promises';

import type { Pool } from 'pg';

import { StartError } from '../common/start-error.js';
import type { Settings } from '../config/settings.js';
import { isStartingUp, STANDBY_MESSAGE } from '../database/database-error.js';
import { findEmbeddedPostgres, startEmbeddedPostgres } from '../database/embedded-postgres.js';
import { openPool } from '../database/pool.js';
import { requireKnownSchema, requireMigrated } from './migrations.js';
import { type Announce, print } from './report.js';
import { requirePostgres } from './require-postgres.js';
import type { Shutdown } from './shutdown.js';

/** Pause between two attempts to connect. */
const PAUSE_MS = 500;

/** The database to connect to: the configured one, or the embedded server, started for this process. */
export interface RunningDatabase {
  readonly url: string;
  /** Stops the embedded server; does nothing for a configured database. */
  stop(): Promise<void>;
}

export async function startDatabase(settings: Settings, announce: Announce): Promise<RunningDatabase> {
  const configured = settings.database.directUrl ?? settings.database.url;
  if (configured !== undefined) return { url: configured.reveal(), stop: () => Promise.resolve() };
  announce(`Starting the embedded PostgreSQL in ${settings.dataDirectory} …`);
  return await startEmbeddedPostgres({ dataDirectory: settings.dataDirectory, durable: true, announce });
}

/**
 * Waits for a database that is starting, recovering or not there yet, and prints why, until `ending` is aborted.
 *
 * @throws StartError without the URL, which may contain a password
 */
export async function connect(
  settings: Settings,
  url: string,
  announce: Announce,
  ending: AbortSignal = new AbortController().signal,
): Promise<Pool> {
  const { poolSize, statementTimeoutMs, waitSeconds } = settings.database;
  const end = performance.now() + waitSeconds * 1000;
  let reported = '';
  for (;;) {
    try {
      return await connectToPrimary(openPool({ url, poolSize, statementTimeoutMs }));
    } catch (error) {
      const reason = (error as Error).message || ((error as NodeJS.ErrnoException).code ?? 'no reason given');
      if (!isStartingUp(error) || performance.now() >= end) throw cannotConnect(reason, error);
      if (reason !== reported) announce(`Waiting up to ${waitSeconds} s for the database: ${reason}.`);
      reported = reason;
      await pause(PAUSE_MS, undefined, { signal: ending });
    }
  }
}

/** A standby accepts connections, but may become the primary only later. */
async function connectToPrimary(pool: Pool): Promise<Pool> {
  try {
    const { rows } = await pool.query<{ standby: boolean }>('select pg_is_in_recovery() as standby');
    if (rows[0]?.standby === true) throw new Error(STANDBY_MESSAGE);
    return pool;
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** The application closes its pool itself, unless it was never created. */
export async function disconnect(pool: Pool): Promise<void> {
  if (!pool.ending) await pool.end();
}

function cannotConnect(reason: string, cause: unknown): StartError {
  return new StartError(
    `certkeep cannot connect to its database: ${reason}. Check DATABASE_URL and whether the database runs.`,
    { cause },
  );
}

/** For a command beside a serving server, which in the embedded mode is the one that runs the database. */
async function databaseBesideServer(settings: Settings, shutdown: Shutdown): Promise<string> {
  const { database, dataDirectory } = settings;
  const found = database.url === undefined ? await findEmbeddedPostgres({ dataDirectory, announce: print }) : undefined;
  if (found !== undefined) return found;
  const running = await startDatabase(settings, print);
  shutdown.add(running.stop);
  return running.url;
}

/** The same, connected until the command ends; refused if it lacks migrations or is of a newer version. */
export async function connectBesideServer(settings: Settings, shutdown: Shutdown): Promise<Pool> {
  const pool = await connect(settings, await databaseBesideServer(settings, shutdown), print, shutdown.ending);
  shutdown.add(async () => await disconnect(pool));
  await requirePostgres(pool);
  await requireKnownSchema(pool, print);
  await requireMigrated(pool);
  return pool;
}
