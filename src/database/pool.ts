import type { Pool, PoolConfig } from 'pg';
import pg from 'pg';

import { ListeningClient } from './listening-client.js';
import { sessionSettings } from './session-settings.js';

/** How long an idle connection says nothing before the system asks whether the other end is there. */
const KEEP_ALIVE_MS = 10_000;

export interface DatabaseSettings {
  readonly url: string;
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
}

/** The only definition of a connection, for the application, migrations and the tests. */
export function poolOptions({ url, poolSize, statementTimeoutMs }: DatabaseSettings): PoolConfig {
  const { lock_timeout, statement_timeout, idle_in_transaction_session_timeout, ...others } =
    sessionSettings(statementTimeoutMs);
  const options = {
    connectionString: url,
    application_name: 'certkeep',
    connectionTimeoutMillis: 5_000,
    max: poolSize,
    Client: ListeningClient as unknown as NonNullable<PoolConfig['Client']>,
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
    // Of two changes at once, the second waits and reads what the first has written; with another default, it would fail.
    options: Object.entries({ ...others, default_transaction_isolation: String.raw`read\ committed` })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  };
  return options;
}

/** It connects on first use. */
export function openPool(settings: DatabaseSettings): Pool {
  const pool = new pg.Pool(poolOptions(settings));
  // Of an idle connection; whoever uses the next one gets the error.
  pool.on('error', () => undefined);
  return pool;
}

/** Milliseconds after which PostgreSQL cancels a statement on a connection of this pool. */
export function statementTimeoutOf({ options }: Pool): number {
  return Number(options.statement_timeout);
}
