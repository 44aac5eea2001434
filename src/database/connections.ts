import type { Pool, PoolClient, PoolConfig } from 'pg';
import pg from 'pg';

import { BURST, FairSlots } from '../common/fair-slots.js';
import { domainErrorOf, FAILURE_KINDS, failureKindOf, isBroken } from './database-error.js';
import { requirePrimary } from './listening-client.js';
import { statementTimeoutOf } from './pool.js';
import { beginThroughPooler, poolerOptions, type PoolerSettings } from './pooler.js';
import { SharedConnections } from './shared-connections.js';

/** A request that would probably wait longer for a connection is refused at once. In milliseconds. */
export const MAX_EXPECTED_WAIT_MS = 1_000;

/** For requests that wait while the database stops responding. In milliseconds. */
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
    /** Begins a transaction, with its settings where a pooler keeps no session. */
    readonly begin = 'begin',
    /** Throws where the server of a connection may not serve; it is then closed. */
    private readonly admit: (connection: PoolClient) => void | Promise<void> = requirePrimary,
  ) {
    pool.on('error', () => undefined);
  }

  /** Counted since the process started, by kind. */
  readonly failures: Record<string, number> = Object.fromEntries(FAILURE_KINDS.map((kind) => [kind, 0]));

  private readonly shared = new SharedConnections(async () => await this.pool.connect());

  /** The pool for requests. */
  static ofRequests(pool: Pool): Connections {
    return new Connections(pool, queueOfRequests(pool));
  }

  /** The same through a pooler: a pool of its own, as background work uses connections to the database itself. */
  static throughPooler(settings: PoolerSettings): Connections {
    const pool = new pg.Pool(poolerOptions(settings));
    return new Connections(pool, queueOfRequests(pool), beginThroughPooler(settings.statementTimeoutMs), () => {
      // A pooler tells what the first server said that it ever connected to.
    });
  }

  /** Whether consecutive transactions may have different sessions. */
  get isPooled(): boolean {
    return this.begin !== 'begin';
  }

  /** As many connections to a replica as requests have to the primary. */
  static ofReplica(
    primary: Pool,
    connectionString: string,
    admit: (connection: PoolClient) => Promise<void>,
  ): Connections {
    const pool = new pg.Pool({ ...connectionOptions(primary), connectionString });
    return new Connections(pool, queueOfRequests(pool), 'begin', admit);
  }

  /** A separate pool for readiness and background work, so that requests never delay them; opened on first use. */
  static ofBackground(ofRequests: Pool): Connections {
    const pool = new pg.Pool({
      ...connectionOptions(ofRequests),
      max: BACKGROUND_CONNECTIONS,
      // No caller is waiting, so the lock timeout can be as long as the statement timeout.
      lock_timeout: statementTimeoutOf(ofRequests),
    });
    const limits = { slots: BACKGROUND_CONNECTIONS, share: BACKGROUND_CONNECTIONS, reserved: 0 };
    const waiting = { maxWaiting: MAX_WAITING, maxWaitingPerKey: MAX_WAITING, waitMs: WAIT_MS };
    return new Connections(pool, new FairSlots({ ...limits, ...waiting }));
  }

  /**
   * Runs `work` with a connection when it is the client's turn; a connection that has broken meanwhile is discarded.
   */
  use<Result>(clientExtId: string, work: Work<Result>): Promise<Result> {
    return this.take(clientExtId, () => this.lend(work));
  }

  /** The same for a short read, which may share the connection with others. */
  share<Result>(clientExtId: string, work: (connection: PoolClient) => Promise<Result>): Promise<Result> {
    const admitted = async (connection: PoolClient): Promise<Result> => {
      await this.admit(connection);
      return await work(connection);
    };
    return this.take(clientExtId, () => this.shared.use(admitted, isBroken));
  }

  private take<Result>(clientExtId: string, work: () => Promise<Result>): Promise<Result> {
    return this.queue.run(clientExtId, undefined, async () => {
      try {
        return await work();
      } catch (error) {
        const kind = failureKindOf(error);
        if (kind !== undefined) this.failures[kind] = (this.failures[kind] ?? 0) + 1;
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
      await this.admit(connection);
      return await work(connection, () => (broken = true));
    } catch (error) {
      broken ||= isBroken(error);
      throw error;
    } finally {
      connection.release(broken);
    }
  }
}

function queueOfRequests({ options: { max: slots } }: Pool): FairSlots {
  const limits = {
    slots,
    share: Math.max(1, Math.floor(slots / 2)),
    reserved: Math.floor(slots / 5),
    maxWaiting: MAX_WAITING,
    maxWaitingPerKey: MAX_WAITING_PER_CLIENT,
    waitMs: WAIT_MS,
    maxExpectedWaitMs: MAX_EXPECTED_WAIT_MS,
    burst: BURST,
  };
  return new FairSlots(limits, 'requests for the database');
}

/**
 * Options for a connection outside of the pools. The password is set explicitly, because spreading the pool's options
 * loses it.
 */
function connectionOptions({ options }: Pool): PoolConfig {
  const { password } = options;
  return password === undefined ? { ...options } : { ...options, password };
}
