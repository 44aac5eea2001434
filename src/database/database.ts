import type { PoolClient, QueryConfig, QueryResultRow } from 'pg';
import pg from 'pg';
import type { DataSource } from 'typeorm';

import { Connections, connectionOptions } from './connections.js';
import { statementTimeoutOf } from './data-source.js';
import { domainErrorOf, isBroken, isRetryable, isStale } from './database-error.js';
import { parseTimestamp } from './timestamp.js';

/** SQL that is prepared once per connection under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  /** Set if $1 is not a client, even if it is text. */
  readonly ofNoClient?: boolean;
}

/** Runs statements: the pool, or one connection inside a transaction. */
export interface StatementRunner {
  run<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
}

/** The OID of the type in `pg_type`. */
const TIMESTAMPTZ: number = pg.types.builtins.TIMESTAMPTZ;

const TYPES = {
  getTypeParser(id: number, format?: 'text' | 'binary'): unknown {
    return id === TIMESTAMPTZ ? parseTimestamp : pg.types.getTypeParser(id, format);
  },
};

/**
 * PostgreSQL itself cancels slow statements. If there is no response this long after that, the connection is considered
 * lost.
 */
const DRIVER_TIMEOUT_MARGIN_MS = 2_000;

const LIMIT_STATEMENTS: Statement = {
  name: 'limit_statements',
  // For such work only the statement timeout applies, including waits for locks.
  text: `select set_config('statement_timeout', $1, true), set_config('lock_timeout', '0', true)`,
};

/**
 * Number of attempts of a transaction after a serialization failure, a deadlock or a lock timeout (40001, 40P01,
 * 55P03). Each uses a new connection from the pool, so that others can run in between.
 */
const ATTEMPTS = 5;

/** More than the number of connections that may hold statements prepared for the previous schema. */
const MAX_STALE = 200;

/** Time limit of a readiness check: an orchestrator needs a quick answer. */
const PROBE_MS = 1_000;

/** False on a standby, and on a primary that is read-only. */
const PROBE: Statement = {
  name: '',
  text: `select current_setting('transaction_read_only') = 'off' as writable`,
};

/**
 * Runs named statements, which halve the cost of a read by key, on connections that clients use in turn. Errors with a
 * meaning for callers become an `AppError`, by the name of the constraint.
 */
export class Database implements StatementRunner {
  private readonly statementTimeoutMs: number;

  constructor(
    readonly dataSource: DataSource,
    readonly connections: Connections = Connections.ofRequests(dataSource),
  ) {
    this.statementTimeoutMs = statementTimeoutOf(dataSource);
  }

  /** Runs a single statement, which is its own transaction. */
  async run<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    return await retry(
      async () =>
        await this.connections.use(
          statement.ofNoClient === true ? '' : clientOf(values),
          async (connection) => await runOn<Row>(connection, this.statementTimeoutMs, statement, values),
        ),
    );
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

  /**
   * Runs `work` unless this or another server already runs work with the same lock; then returns undefined. The lock
   * uses its own connection, so that a pool with one connection does not wait for itself, and is released with the
   * connection.
   */
  async alone<Result>(lock: bigint, work: () => Promise<Result>): Promise<Result | undefined> {
    const client = new pg.Client(connectionOptions(this.dataSource));
    // The loss of an idle connection is reported by the next query.
    client.on('error', () => undefined);
    const onLock = { values: [lock], query_timeout: this.statementTimeoutMs + DRIVER_TIMEOUT_MARGIN_MS };
    try {
      await client.connect();
      const take: QueryWithTimeout = { text: 'select pg_try_advisory_lock($1) as taken', ...onLock };
      const { rows } = await client.query<{ taken: boolean }>(take);
      return rows[0]?.taken === true ? await work() : undefined;
    } catch (error) {
      throw domainErrorOf(error);
    } finally {
      // Closing a connection that no longer responds would wait forever, so one with a pending response is destroyed.
      const give: QueryWithTimeout = { text: 'select pg_advisory_unlock($1)', ...onLock };
      await client.query(give).catch(() => undefined);
      await client.end();
    }
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
        await connection.query(unprepared('begin', timeoutMs));
        if (ownTimeoutMs !== undefined) await runner.run(LIMIT_STATEMENTS, [String(ownTimeoutMs)]);
        const result = await work(runner);
        await connection.query(unprepared('commit', timeoutMs));
        return result;
      } catch (error) {
        // Only the first error is reported; no rollback is sent on a connection that does not respond.
        if (!isBroken(error)) await connection.query(unprepared('rollback', timeoutMs)).catch(discard);
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
  constructor(dataSource: DataSource) {
    super(dataSource, Connections.ofBackground(dataSource));
  }
}

/** All keys begin with the client (`$1`), so almost every statement itself says whose turn it uses. */
export function clientOf([first]: readonly unknown[]): string {
  return typeof first === 'string' ? first : '';
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

/** The driver supports a timeout per query, but its types only one per connection. */
interface QueryWithTimeout extends QueryConfig {
  readonly query_timeout: number;
}

function unprepared(text: string, timeoutMs: number): QueryWithTimeout {
  return { text, query_timeout: timeoutMs + DRIVER_TIMEOUT_MARGIN_MS };
}

async function runOn<Row extends QueryResultRow>(
  connection: PoolClient,
  timeoutMs: number,
  { name, text }: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  const query: QueryWithTimeout = {
    name,
    text,
    values: values as unknown[],
    types: TYPES,
    query_timeout: timeoutMs + DRIVER_TIMEOUT_MARGIN_MS,
  };
  try {
    const result = await connection.query<Row>(query);
    return result.rows;
  } catch (error) {
    throw domainErrorOf(error);
  }
}
