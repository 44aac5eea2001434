import type { PoolConfig } from 'pg';

import { ListeningClient } from './listening-client.js';
import { sessionSettings } from './session-settings.js';

/** A pooler in transaction mode, such as PgBouncer, between the server and its database. */
export interface PoolerSettings {
  readonly url: string;
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
}

/** Without start-up parameters, which a pooler refuses, or gives to sessions that others use too. */
export function poolerOptions({ url, poolSize }: PoolerSettings): PoolConfig {
  return {
    connectionString: url,
    application_name: 'certkeep',
    connectionTimeoutMillis: 5_000,
    max: poolSize,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    Client: ListeningClient as unknown as NonNullable<PoolConfig['Client']>,
  };
}

/**
 * Begins a transaction with the settings that a connection of our own has from its start. They end with it, so that no
 * other user of the session gets them. In one message, which is one round trip.
 */
export function beginThroughPooler(statementTimeoutMs: number): string {
  const settings = Object.entries(sessionSettings(statementTimeoutMs));
  return [
    'begin isolation level read committed',
    ...settings.map(([name, value]) => `set local ${name} = '${value}'`),
  ].join('; ');
}
