import { availableParallelism } from 'node:os';

import type { Environment } from './environment.js';
import type { Settings } from './settings.js';

const MAX_WORKERS = 64;

/** With fewer, a client could use all connections of a worker. */
const MIN_POOL_OF_WORKER = 2;

const DEFAULT_POOL = 10;

/** Enough for a worker that keeps one core busy; PostgreSQL works on half of them at most. */
const DEFAULT_POOL_OF_WORKER = 5;

/** How many processes serve. */
export function readWorkers(environment: Environment, cores = availableParallelism()): number {
  if (environment.text('WORKERS') === 'auto') return canShareSockets() ? Math.min(cores, MAX_WORKERS) : 1;
  const workers = environment.integer('WORKERS', 1, 1, MAX_WORKERS, ', or auto');
  if (workers > 1 && !canShareSockets()) environment.problem('WORKERS must be 1 or auto on Windows.');
  return workers;
}

/** For all workers together. */
export function readPoolSize(environment: Environment, workers: number): number {
  const size = environment.integer('DATABASE_POOL', Math.max(DEFAULT_POOL, workers * DEFAULT_POOL_OF_WORKER), 1, 1000);
  if (workers > 1 && size < workers * MIN_POOL_OF_WORKER) {
    environment.problem(
      `DATABASE_POOL is ${size}, too small for ${workers} workers: each needs ${MIN_POOL_OF_WORKER} connections.`,
    );
  }
  return size;
}

/** What one of the workers may use: its part of what the settings allow the whole server. */
export function settingsOfWorker(settings: Settings): Settings {
  const { workers, maxConnections, database } = settings;
  return {
    ...settings,
    maxConnections: Math.ceil(maxConnections / workers),
    database: { ...database, poolSize: Math.floor(database.poolSize / workers) },
  };
}

/** The handle of a listening socket cannot be inherited there. */
function canShareSockets(): boolean {
  return process.platform !== 'win32';
}
