import type { PoolClient, QueryConfig, QueryResultRow } from 'pg';
import pg from 'pg';
import type { DataSource } from 'typeorm';

import { Connections } from './connections.js';
import { statementTimeoutOf } from './data-source.js';
import { domainErrorOf, isBroken, isRetryable, isStale, UNANSWERED } from './database-error.js';
import { parseTimestamp } from './timestamp.js';

/** SQL of the hot path, prepared once a connection under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  /** Its $1 is no client, even if it is a text. */
  readonly ofNoClient?: boolean;
}

/** What runs a statement: the pool, or one connection inside a transaction. */
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

/** The type's OID in `pg_type`. */
const TIMESTAMPTZ: number = pg.types.builtins.TIMESTAMPTZ;

const TYPES = {
  getTypeParser(id: number, format?: 'text' | 'binary'): unknown {
    return id === TIMESTAMPTZ ? parseTimestamp : pg.types.getTypeParser(id, format);
  },
};

/** PostgreSQL gives a statement up by itself. Where not even that is heard of this much later, nobody is there. */
const SILENCE_MS = 2_000;

const LIMIT_STATEMENTS: Statement = {
  name: 'limit_statements',
  // Of such work the statement's own time is what counts, whatever it waits for.
  text: `select set_config('statement_timeout', $1, true), set_config('lock_timeout', '0', true)`,
};

/**
 * A transaction is run again this often after a serialization failure, a deadlock, or a row that was waited for in vain
 * (40001, 40P01, 55P03): each time on another connection, so that meanwhile others have theirs.
 */
const ATTEMPTS = 5;

/** More than a pool has connections with statements of the schema before. */
const MAX_STALE = 200;

/** Of a probe: an orchestrator that asks every few seconds wants to be told, not to wait. */
const PROBE_MS = 1_000;

/** Off on a standby, and on a primary that has been made read-only. */
const PROBE: Statement = {
  name: '',
  text: `select current_setting('transaction_read_only') = 'off' as writable`,
};

/**
 * The hot path's way to PostgreSQL: named statements, which halve the cost of a read by key, on connections that the
 * clients take in turn. Errors that mean something to the domain come out as `AppError`, by the name of the constraint.
 */
export class Database implements StatementRunner, Transactions {
  private readonly statementTimeoutMs: number;

  constructor(
    readonly dataSource: DataSource,
    readonly connections: Connections = Connections.ofRequests(dataSource),
  ) {
    this.statementTimeoutMs = statementTimeoutOf(dataSource);
  }

  /** One statement is one transaction. */
  async run<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    return await tryAgain(
      async () =>
        await this.connections.use(
          statement.ofNoClient === true ? '' : clientOf(values),
          async (connection) => await runOn<Row>(connection, this.statementTimeoutMs, statement, values),
        ),
    );
  }

  /** Whether it answers soon, and takes writes; never throws. */
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
   * Runs the whole of `work` again where PostgreSQL says that trying again is the answer. `clientExtId` is whose turn is
   * used; '' where it is nobody's. `statementTimeoutMs` is for work whose statements may take longer, or not as long, as
   * those of others.
   */
  async transaction<Result>(
    clientExtId: string,
    work: (runner: StatementRunner) => Promise<Result>,
    statementTimeoutMs?: number,
  ): Promise<Result> {
    return await tryAgain(async () => await this.transactionOnce(clientExtId, work, statementTimeoutMs));
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
        run: async (statement, values) => await runOn(connection, timeoutMs, statement, values),
      };
      try {
        await rowsOf(connection, { text: 'begin' }, timeoutMs);
        if (ownTimeoutMs !== undefined) await runner.run(LIMIT_STATEMENTS, [String(ownTimeoutMs)]);
        const result = await work(runner);
        await rowsOf(connection, { text: 'commit' }, timeoutMs);
        return result;
      } catch (error) {
        // The first error is the one that is told; a connection that has fallen silent is not asked to roll back.
        if (!isBroken(error)) await rowsOf(connection, { text: 'rollback' }, timeoutMs).catch(discard);
        throw error;
      }
    });
  }
}

/**
 * For background work and readiness, on connections that no request takes: however busy the clients are, it goes on.
 */
export class BackgroundDatabase extends Database {
  constructor(dataSource: DataSource) {
    super(dataSource, Connections.ofBackground(dataSource));
  }
}

/** Keys lead with the client (`$1`), so that nearly every statement says by itself whose turn it uses. */
export function clientOf([first]: readonly unknown[]): string {
  return typeof first === 'string' ? first : '';
}

async function tryAgain<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 1, stale = 1; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (isStale(error)) {
        // Each of them has cost its connection, and a new one has none.
        if (stale++ >= MAX_STALE) throw error;
      } else if (tries++ >= ATTEMPTS || !isRetryable(error)) throw error;
    }
  }
}

/** The driver's own patience with one query, which its types know of a whole connection only. */
interface PatientQuery extends QueryConfig {
  readonly query_timeout: number;
}

async function runOn<Row extends QueryResultRow>(
  connection: PoolClient,
  timeoutMs: number,
  { name, text }: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  const query: QueryConfig = { name, text, values: values as unknown[], types: TYPES };
  try {
    return await rowsOf<Row>(connection, query, timeoutMs);
  } catch (error) {
    throw domainErrorOf(error);
  }
}

/**
 * By a callback and with a timer of our own: what the driver makes for a promise, or for its `query_timeout`, keeps the
 * whole result in memory until the next full collection: seven kilobytes for one certificate.
 */
async function rowsOf<Row extends QueryResultRow>(
  connection: PoolClient,
  query: QueryConfig,
  timeoutMs: number,
): Promise<Row[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Row[]>();
  const timer = setTimeout(() => reject(new Error(UNANSWERED)), timeoutMs + SILENCE_MS);
  connection.query<Row>(query, (error: Error | null | undefined, result) => {
    clearTimeout(timer);
    if (error) reject(error);
    else resolve(result.rows);
  });
  return await promise;
}
