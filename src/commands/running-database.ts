import { DataSource } from 'typeorm';

import { StartError } from '../common/start-error.js';
import type { Settings } from '../config/settings.js';
import { dataSourceOptions } from '../database/data-source.js';
import { startEmbeddedPostgres } from '../database/embedded-postgres.js';
import { ENTITIES } from '../entities.js';

export type Announce = (line: string) => void;

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

/** @throws StartError that never names the address, which may carry a password */
export async function connect(settings: Settings, url: string): Promise<DataSource> {
  const { poolSize, statementTimeoutMs } = settings.database;
  try {
    return await new DataSource(dataSourceOptions({ url, poolSize, statementTimeoutMs }, ENTITIES)).initialize();
  } catch (error) {
    const reason = (error as Error).message || ((error as NodeJS.ErrnoException).code ?? 'no reason given');
    throw new StartError(`certkeep cannot connect to its database: ${reason}. Check DATABASE_URL.`, { cause: error });
  }
}

/** The application closes its data source itself; one that was never made does not. */
export async function disconnect(dataSource: DataSource): Promise<void> {
  if (dataSource.isInitialized) await dataSource.destroy();
}
