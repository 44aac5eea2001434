import type { Pool, PoolClient, QueryResultRow } from 'pg';

import { BURST, FairSlots } from '../common/fair-slots.js';
import { Connections, MAX_EXPECTED_WAIT_MS } from './connections.js';
import { isBroken, isRetryable, isStale } from './database-error.js';
import { statementTimeoutOf } from './pool.js';
import { rowsOf, runOn, sendTogether } from './sending.js';

/** SQL that is prepared once per connection under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  /** Set if $1 is not a client, even if it is text. */
  readonly ofNoClient?: boolean;
  /** Set if it reads a few rows by their keys, so that others may wait for it. */
  readonly isShort?: boolean;
  /** Of a read: for many values at once. */
  readonly ofMany?: StatementOfMany | undefined;
}

/** Returns the rows for all values, each with its place among them, from 1, in the column `of`. */
export interface StatementOfMany extends Statement {
  values(all: readonly { readonly values: readonly unknown[] }[]): unknown[];
}

/** Runs statements: the pool, or one connection inside a transaction. */
export interface StatementRunner {
  run<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
}

/** What runs work in transactions: a pool, or the leader of background work on condition that it still is. */
export interface Transactions {
  transaction<Result>(
    clientExtId: string,
    work: (runner: StatementRunner) => Promise<Result>,
    statementTimeoutMs?: number,
  ): Promise<Result>;
}

/** A replica, which may lack the last changes. */
export interface ReadOnlyCopy {
  /** Runs `work` on the copy or, where that cannot serve, on the primary. */
  read<Result>(work: (database: Database) => Promise<Result>, primary: Database): Promise<Result>;
}

/**
 * Number of attempts of a transaction after a serialization failure, a deadlock, a lock timeout or a new partition
 * (40001, 40P01, 55P03, 23514). Each uses a new connection from the pool, so that others can run in between.
 */
const ATTEMPTS = 5;

/** More than the number of connections that may hold statements prepared for the previous schema. */
const MAX_STALE = 200;

/** Time limit of a readiness check: an orchestrator needs a quick answer. */
const PROBE_MS = 1_000;

/**
 * A page has up to 4 MiB of rows, which the main thread parses. Several pages at once would block it for long, and leave
 * much garbage. A client never has more than two slots, even if no other client reads pages.
 */
const PAGES = {
  slots: 8,
  share: 2,
  reserved: 6,
  maxWaiting: 2_000,
  maxWaitingPerKey: 500,
  waitMs: 5_000,
  maxExpectedWaitMs: MAX_EXPECTED_WAIT_MS,
  burst: BURST,
};

/** False on a standby, and on a primary that is read-only. */
const PROBE: Statement = {
  name: '',
  text: `select current_setting('transaction_read_only') = 'off' as writable`,
};

/**
 * Runs named statements, which halve the cost of a read by key, on connections that clients use in turn. Errors with a
 * meaning for callers become an `AppError`, by the name of the constraint.
 */
export class Database implements StatementRunner, Transactions {
  readonly pageQueue = new FairSlots(PAGES, 'pages');

  /** Runs statements that read a page (`pageOfRows`), only a few of each client at once. */
  readonly pages: StatementRunner = {
    run: async <Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]) =>
      await this.pageQueue.run(keyOf(statement, values), undefined, async () => await this.run<Row>(statement, values)),
  };

  /** The same for lists, which a replica may serve. */
  readonly lists: StatementRunner = {
    run: async <Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]) =>
      await this.pageQueue.run(
        keyOf(statement, values),
        undefined,
        async () => await this.anywhere(async (database) => await database.run<Row>(statement, values)),
      ),
  };

  /** For lists that have a row if what they are about exists: only the primary can tell that it does not. */
  readonly listsWithRows: StatementRunner = {
    run: async <Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]) => {
      const rows = await this.lists.run<Row>(statement, values);
      return rows.length === 0 && this.hasReplica ? await this.pages.run<Row>(statement, values) : rows;
    },
  };

  private readonly statementTimeoutMs: number;

  constructor(
    pool: Pool,
    readonly connections: Connections = Connections.ofRequests(pool),
    private readonly replica?: ReadOnlyCopy,
  ) {
    this.statementTimeoutMs = statementTimeoutOf(pool);
  }

  /** Runs a single statement, which is its own transaction. */
  run<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    const key = keyOf(statement, values);
    // Only a transaction has our settings.
    if (this.connections.isPooled) return this.transaction(key, (runner) => runner.run(statement, values));
    const work = (connection: PoolClient): Promise<Row[]> =>
      runOn(connection, this.statementTimeoutMs, statement, values);
    return retry(() =>
      statement.isShort === true ? this.connections.share(key, work) : this.connections.use(key, work),
    );
  }

  get hasReplica(): boolean {
    return this.replica !== undefined;
  }

  /** For reads that may lack the last changes, also the caller's own. */
  async anywhere<Result>(work: (database: Database) => Promise<Result>): Promise<Result> {
    return this.replica === undefined ? await work(this) : await this.replica.read(work, this);
  }

  /** The same where only the primary can tell that something is missing. */
  async firstAnywhere<Found>(find: (database: Database) => Promise<Found | undefined>): Promise<Found | undefined> {
    const found = await this.anywhere(find);
    return found === undefined && this.replica !== undefined ? await find(this) : found;
  }

  /** Whether the database responds quickly and accepts writes; never throws. */
  async isReady(): Promise<boolean> {
    try {
      const [row] = await this.connections.use('', async (connection) => {
        return await runOn<{ writable: boolean }>(connection, PROBE_MS, PROBE, []);
      });
      return row?.writable === true;
    } catch {
      return false;
    }
  }

  /**
   * Runs `work` in a transaction, and repeats it if PostgreSQL reports an error that a retry can solve. `clientExtId`
   * is the client whose turn is used; '' for none. `statementTimeoutMs` overrides the statement timeout.
   */
  async transaction<Result>(
    clientExtId: string,
    work: (runner: StatementRunner) => Promise<Result>,
    statementTimeoutMs?: number,
  ): Promise<Result> {
    return await retry(async () => await this.transactionOnce(clientExtId, work, statementTimeoutMs));
  }

  async close(): Promise<void> {
    await this.connections.close();
  }

  private async transactionOnce<Result>(
    clientExtId: string,
    work: (runner: StatementRunner) => Promise<Result>,
    ownTimeoutMs: number | undefined,
  ): Promise<Result> {
    const timeoutMs = ownTimeoutMs ?? this.statementTimeoutMs;
    return await this.connections.use(clientExtId, async (connection, discard) => {
      const runner: StatementRunner = {
        run: async ({ name, text }, values) => {
          // Another session would not have it, or have another statement under its name.
          const statement = { name: this.connections.isPooled ? '' : name, text };
          sendTogether(connection);
          return await runOn(connection, timeoutMs, statement, values);
        },
      };
      try {
        const { begin } = this.connections;
        const limits = ownTimeoutMs === undefined ? '' : limitsOf(ownTimeoutMs);
        await rowsOf(connection, { text: begin + limits }, timeoutMs);
        const result = await work(runner);
        await rowsOf(connection, { text: 'commit' }, timeoutMs);
        return result;
      } catch (error) {
        // Only the first error is reported; no rollback is sent on a connection that does not respond.
        if (!isBroken(error)) await rowsOf(connection, { text: 'rollback' }, timeoutMs).catch(discard);
        throw error;
      }
    });
  }
}

/**
 * For background work and readiness checks, on connections that requests never use, so that it runs however busy the
 * clients are.
 */
export class BackgroundDatabase extends Database {
  /** `pooler`: a connection to the pooler, if requests go through one. */
  constructor(
    pool: Pool,
    private readonly pooler?: Database,
  ) {
    super(pool, Connections.ofBackground(pool));
  }

  /** Requests need the pooler, too. */
  override async isReady(): Promise<boolean> {
    const [database, pooler] = await Promise.all([super.isReady(), this.pooler?.isReady()]);
    return database && pooler !== false;
  }

  override async close(): Promise<void> {
    await this.pooler?.close();
    await super.close();
  }
}

/** All keys begin with the client (`$1`), so almost every statement itself says whose turn it uses. */
export function clientOf([first]: readonly unknown[]): string {
  return typeof first === 'string' ? first : '';
}

/** The client whose turn a statement uses; '' for none. */
function keyOf({ ofNoClient }: Statement, values: readonly unknown[]): string {
  return ofNoClient === true ? '' : clientOf(values);
}

/** For such work only the statement timeout applies, including waits for locks. In one message with `begin`. */
function limitsOf(statementTimeoutMs: number): string {
  return `; set local statement_timeout = ${Math.ceil(statementTimeoutMs)}; set local lock_timeout = 0`;
}

async function retry<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 1, stale = 1; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (isStale(error)) {
        // Each of these errors costs a connection, and new connections have no stale statements.
        if (stale++ >= MAX_STALE) throw error;
      } else if (tries++ >= ATTEMPTS || !isRetryable(error)) throw error;
    }
  }
}
