import { type DataSource, DefaultNamingStrategy, type EntityTarget, type ObjectLiteral } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';

import { ListeningClient } from './listening-client.js';
import { MIGRATIONS } from './migrations/list.js';
import { sessionSettings } from './session-settings.js';
import { snakeCase } from './table.js';

/** How long an idle connection says nothing before the system asks whether the other end is there. */
const KEEP_ALIVE_MS = 10_000;

export interface DatabaseSettings {
  readonly url: string;
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
}

/** The only definition of the connection, for the application, the TypeORM command line and the tests. */
export function dataSourceOptions(
  settings: DatabaseSettings,
  entities: readonly EntityTarget<ObjectLiteral>[] = [],
): PostgresDataSourceOptions {
  const { lock_timeout, statement_timeout, idle_in_transaction_session_timeout, ...others } = sessionSettings(
    settings.statementTimeoutMs,
  );
  return {
    type: 'postgres',
    url: settings.url,
    entities: [...entities] as PostgresDataSourceOptions['entities'] & unknown[],
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
    namingStrategy: new SnakeCaseNames(),
    synchronize: false,
    installExtensions: false,
    applicationName: 'certkeep',
    connectTimeoutMS: 5_000,
    poolSize: settings.poolSize,
    extra: {
      Client: ListeningClient,
      // Short reads, and rows of a job that are changed together, are sent without waiting for each other's answers.
      pipeline: true,
      // The driver sends these itself.
      lock_timeout,
      statement_timeout,
      idle_in_transaction_session_timeout,
      // Detects connections whose other end has gone, before a request uses them. Node then asks every second, ten
      // times; without the delay, the system waits two hours before it asks at all.
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      options: Object.entries(others)
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(' '),
    },
  };
}

/** Milliseconds after which PostgreSQL cancels a statement on this connection. */
export function statementTimeoutOf({ options }: DataSource): number {
  return (options.extra as { readonly statement_timeout: number }).statement_timeout;
}

class SnakeCaseNames extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? snakeCase(propertyName);
  }
}
