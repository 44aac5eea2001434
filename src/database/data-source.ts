import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';

import { MIGRATIONS } from './migrations/list.js';
import { SnakeCaseNames } from './naming.js';

/** A request that waits longer for a row, or for its turn at one, is refused and may be sent again. */
const LOCK_TIMEOUT_MS = 500;

export interface DatabaseSettings {
  readonly url: string;
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
}

/** The one description of the connection, for the application, the TypeORM command line and the tests alike. */
export function dataSourceOptions(
  settings: DatabaseSettings,
  entities: readonly EntityTarget<ObjectLiteral>[] = [],
): PostgresDataSourceOptions {
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
      // A row that somebody else holds must not keep a connection from everybody.
      lock_timeout: LOCK_TIMEOUT_MS,
      statement_timeout: settings.statementTimeoutMs,
      // What a firewall has forgotten is noticed before somebody's request is sent into it.
      keepAlive: true,
      // A transaction that its process has forgotten must not keep others waiting for its rows.
      idle_in_transaction_session_timeout: settings.statementTimeoutMs * 2,
      // Every statement has an index. A named one keeps its plan, and one made while a table was empty would walk through
      // all of it until the next analyze: measured a minute later, a creation of a key store cost three times as much.
      options: '-c timezone=UTC -c enable_seqscan=off',
    },
  };
}

/** Milliseconds after which PostgreSQL gives a statement of this connection up. */
export function statementTimeoutOf({ options }: DataSource): number {
  return (options.extra as { readonly statement_timeout: number }).statement_timeout;
}
