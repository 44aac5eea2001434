import type { Pool, PoolClient, PoolConfig } from 'pg';
import pg from 'pg';
import type { DataSource } from 'typeorm';

import { FairSlots } from '../common/fair-slots.js';
import { statementTimeoutOf } from './data-source.js';
import { domainErrorOf, isBroken } from './database-error.js';

/** A request that waits longer for a connection is refused. In milliseconds. */
const WAIT_MS = 5_000;

const MAX_WAITING = 2_000;
const MAX_WAITING_PER_CLIENT = 500;

/**
 * One each for readiness checks, the reconciler, continuing deletions and jobs that change certificates, two for
 * transactions of imports, and the others for what these read before.
 */
const BACKGROUND_CONNECTIONS = 8;

/** `discard` marks a connection as broken, so that it is not used again. */
type Work<Result> = (connection: PoolClient, discard: () => void) => Promise<Result>;

/** A connection pool that clients use in turn. */
export class Connections {
  private constructor(
    private readonly pool: Pool,
    /** Decides which client is next. */
    readonly queue: FairSlots,
  ) {
    pool.on('error', () => undefined);
  }

  /** The pool for requests, which is TypeORM's own. */
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

  /** A separate pool for readiness and background work, so that requests never delay them; opened on first use. */
  static ofBackground(dataSource: DataSource): Connections {
    const pool = new pg.Pool({
      ...connectionOptions(dataSource),
      max: BACKGROUND_CONNECTIONS,
      // No caller is waiting, so the lock timeout can be as long as the statement timeout.
      lock_timeout: statementTimeoutOf(dataSource),
      // Rows of a job that are changed together send their statements without waiting for each other's answers.
      pipeline: true,
    });
    const limits = { slots: BACKGROUND_CONNECTIONS, share: BACKGROUND_CONNECTIONS, reserved: 0 };
    const waiting = { maxWaiting: MAX_WAITING, maxWaitingPerKey: MAX_WAITING, waitMs: WAIT_MS };
    return new Connections(pool, new FairSlots({ ...limits, ...waiting }));
  }

  /**
   * Runs `work` with a connection when it is the client's turn; a connection that has broken meanwhile is discarded.
   */
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

/**
 * Options for a connection outside of the pools. The password is set explicitly, because spreading the pool's options
 * loses it.
 */
function connectionOptions(dataSource: DataSource): PoolConfig {
  const { options } = poolOf(dataSource);
  const { password } = options;
  return password === undefined ? { ...options } : { ...options, password };
}

function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}
