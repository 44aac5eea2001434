import pg, { type ClientConfig } from 'pg';
import { type DataSource, DefaultNamingStrategy, type EntityTarget, type ObjectLiteral } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';

import { MIGRATIONS } from './migrations/list.js';
import { snakeCase } from './table.js';

/** A request that waits longer for a row lock or a fair lock is refused, and can be sent again. */
const LOCK_TIMEOUT_MS = 500;

/**
 * Without a listener, losing a connection that is in use, or idle in a transaction, would end the process. The query
 * that fails reports the error. The listener is added in the constructor, because TypeORM connects before any other
 * code can.
 */
class ListeningClient extends pg.Client {
  constructor(config?: ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

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
      // A locked row must not keep connections occupied.
      lock_timeout: LOCK_TIMEOUT_MS,
      statement_timeout: settings.statementTimeoutMs,
      // Detects connections that a firewall has dropped before a request uses them.
      keepAlive: true,
      // A forgotten transaction must not keep its rows locked.
      idle_in_transaction_session_timeout: settings.statementTimeoutMs * 2,
      // Every statement has an index. A prepared statement keeps its plan, and a plan made while a table was empty
      // would scan the whole table until the next analyze: a minute later, creating a key store took three times as
      // long.
      options: '-c timezone=UTC -c enable_seqscan=off',
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
