import { setTimeout as pause } from 'node:timers/promises';

import { DataSource } from 'typeorm';

import { StartError } from '../common/start-error.js';
import type { Settings } from '../config/settings.js';
import { dataSourceOptions } from '../database/data-source.js';
import { mayBeStarting } from '../database/database-error.js';
import { startEmbeddedPostgres } from '../database/embedded-postgres.js';
import { ENTITIES } from '../entities.js';

export type Announce = (line: string) => void;

/** Between two attempts to connect. */
const PAUSE_MS = 500;

/** A database that can be connected to: the configured one, or the embedded server, started for this process. */
export interface RunningDatabase {
  readonly url: string;
  /** Ends the embedded server; a configured one is left alone. */
  stop(): Promise<void>;
}

export async function startDatabase(settings: Settings, announce: Announce): Promise<RunningDatabase> {
  if (settings.database.url !== undefined) {
    return { url: settings.database.url.reveal(), stop: () => Promise.resolve() };
  }
  announce(`Starting the embedded PostgreSQL in ${settings.dataDirectory} …`);
  return await startEmbeddedPostgres({ dataDirectory: settings.dataDirectory, durable: true, announce });
}

/**
 * Waits for a database that is starting, recovering or not yet there, and says so.
 *
 * @throws StartError that never names the address, which may carry a password
 */
export async function connect(settings: Settings, url: string, announce: Announce): Promise<DataSource> {
  const { poolSize, statementTimeoutMs, waitSeconds } = settings.database;
  const options = dataSourceOptions({ url, poolSize, statementTimeoutMs }, ENTITIES);
  const end = performance.now() + waitSeconds * 1000;
  let said = '';
  for (;;) {
    try {
      return await new DataSource(options).initialize();
    } catch (error) {
      const reason = (error as Error).message || ((error as NodeJS.ErrnoException).code ?? 'no reason given');
      if (!mayBeStarting(error) || performance.now() >= end) throw cannotConnect(reason, error);
      if (reason !== said) announce(`Waiting up to ${waitSeconds} s for the database: ${reason}.`);
      said = reason;
      await pause(PAUSE_MS);
    }
  }
}

/** The application closes its data source itself; one that was never made does not. */
export async function disconnect(dataSource: DataSource): Promise<void> {
  if (dataSource.isInitialized) await dataSource.destroy();
}

function cannotConnect(reason: string, cause: unknown): StartError {
  return new StartError(
    `certkeep cannot connect to its database: ${reason}. Check DATABASE_URL and whether the database runs.`,
    { cause },
  );
}
