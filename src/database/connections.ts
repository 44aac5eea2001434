import type { Pool, PoolClient, PoolConfig } from 'pg';
import pg from 'pg';
import type { DataSource } from 'typeorm';

import { FairSlots } from '../common/fair-slots.js';
import { statementTimeoutOf } from './data-source.js';
import { domainErrorOf, isBroken } from './database-error.js';

/** Whoever waits longer for a connection is refused. Milliseconds. */
const WAIT_MS = 5_000;

const MAX_WAITING = 2_000;
const MAX_WAITING_PER_CLIENT = 500;

/** One for readiness, one for what the reconciler does, one for the deletions that it continues. */
const BACKGROUND_CONNECTIONS = 3;

/** `discard` keeps a connection from being used again that looks whole and is not. */
type Work<Result> = (connection: PoolClient, discard: () => void) => Promise<Result>;

/** A pool, and whose turn it is to use it. */
export class Connections {
  private constructor(
    private readonly pool: Pool,
    /** Whose turn it is. */
    readonly queue: FairSlots,
  ) {
    pool.on('error', () => undefined);
  }

  /** What requests use: TypeORM's own pool. */
  static ofRequests(dataSource: DataSource): Connections {
    const pool = poolOf(dataSource);
    const slots = pool.options.max;
    const limits = {
      slots,
      share: Math.max(1, Math.floor(slots / 2)),
      reserved: Math.floor(slots / 5),
      maxWaiting: MAX_WAITING,
      maxWaitingPerKey: MAX_WAITING_PER_CLIENT,
      waitMs: WAIT_MS,
    };
    return new Connections(pool, new FairSlots(limits, 'requests for the database'));
  }

  /** A few of their own for readiness and background work, so that no request keeps them waiting; opened when needed. */
  static ofBackground(dataSource: DataSource): Connections {
    const pool = new pg.Pool({
      ...connectionOptions(dataSource),
      max: BACKGROUND_CONNECTIONS,
      // Nobody waits for the answer: it may wait for a lock as long as for anything else.
      lock_timeout: statementTimeoutOf(dataSource),
    });
    const limits = { slots: BACKGROUND_CONNECTIONS, share: BACKGROUND_CONNECTIONS, reserved: 0 };
    const waiting = { maxWaiting: MAX_WAITING, maxWaitingPerKey: MAX_WAITING, waitMs: WAIT_MS };
    return new Connections(pool, new FairSlots({ ...limits, ...waiting }));
  }

  /** Lends a connection to `work`, in the client's turn; one that has broken meanwhile is thrown away. */
  async use<Result>(clientExtId: string, work: Work<Result>): Promise<Result> {
    return await this.queue.run(clientExtId, undefined, async () => {
      try {
        return await this.lend(work);
      } catch (error) {
        throw domainErrorOf(error);
      }
    });
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async lend<Result>(work: Work<Result>): Promise<Result> {
    const connection = await this.pool.connect();
    let broken = false;
    try {
      return await work(connection, () => (broken = true));
    } catch (error) {
      broken ||= isBroken(error);
      throw error;
    } finally {
      connection.release(broken);
    }
  }
}

/** For a connection outside of the pools. The password is in it, where a spread of the pool's options would lose it. */
function connectionOptions(dataSource: DataSource): PoolConfig {
  const { options } = poolOf(dataSource);
  const { password } = options;
  return password === undefined ? { ...options } : { ...options, password };
}

function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}
