import type { PoolClient, QueryConfig, QueryResultRow } from 'pg';
import pg from 'pg';
import type { DataSource } from 'typeorm';

import { FairSlots } from '../common/fair-slots.js';
import { Connections, connectionOptions } from './connections.js';
import { statementTimeoutOf } from './data-source.js';
import { domainErrorOf, isBroken, isRetryable, isStale } from './database-error.js';
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

/**
 * Each reads up to 4 MiB, which the one thread takes over: several at once are long stretches of it, and much garbage.
 * A client never has more than two, also where nobody else reads any.
 */
const PAGES = { slots: 8, share: 2, reserved: 6, maxWaiting: 2_000, maxWaitingPerKey: 500, waitMs: 5_000 };

/** Off on a standby, and on a primary that has been made read-only. */
const PROBE: Statement = {
  name: '',
  text: `select current_setting('transaction_read_only') = 'off' as writable`,
};

/**
 * The hot path's way to PostgreSQL: named statements, which halve the cost of a read by key, on connections that the
 * clients take in turn. Errors that mean something to the domain come out as `AppError`, by the name of the constraint.
 */
export class Database implements StatementRunner {
  readonly pageQueue = new FairSlots(PAGES, 'pages');

  /** Runs statements that read a page (`pageOfRows`), of each client a few at once. */
  readonly pages: StatementRunner = {
    run: async <Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]) =>
      await this.pageQueue.run(keyOf(statement, values), undefined, async () => await this.run<Row>(statement, values)),
  };

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
          keyOf(statement, values),
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

  /**
   * Runs `work` unless another server, or this one, is at work under the same number; undefined then. The lock has a
   * connection of its own, so that a pool of one connection does not wait for itself; it ends with the connection.
   */
  async alone<Result>(lock: bigint, work: () => Promise<Result>): Promise<Result | undefined> {
    const client = new pg.Client(connectionOptions(this.dataSource));
    // A connection that breaks while nobody asks it anything; whoever asks next is told.
    client.on('error', () => undefined);
    const onLock = { values: [lock], query_timeout: this.statementTimeoutMs + SILENCE_MS };
    try {
      await client.connect();
      const take: PatientQuery = { text: 'select pg_try_advisory_lock($1) as taken', ...onLock };
      const { rows } = await client.query<{ taken: boolean }>(take);
      return rows[0]?.taken === true ? await work() : undefined;
    } catch (error) {
      throw domainErrorOf(error);
    } finally {
      // To end a connection that has fallen silent would wait for an answer without end; one that owes an answer is cut.
      const give: PatientQuery = { text: 'select pg_advisory_unlock($1)', ...onLock };
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
        // The first error is the one that is told; a connection that has fallen silent is not asked to roll back.
        if (!isBroken(error)) await connection.query(unprepared('rollback', timeoutMs)).catch(discard);
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

/** Whose turn a statement uses. */
function keyOf({ ofNoClient }: Statement, values: readonly unknown[]): string {
  return ofNoClient === true ? '' : clientOf(values);
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

function unprepared(text: string, timeoutMs: number): PatientQuery {
  return { text, query_timeout: timeoutMs + SILENCE_MS };
}

async function runOn<Row extends QueryResultRow>(
  connection: PoolClient,
  timeoutMs: number,
  { name, text }: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  const query: PatientQuery = {
    name,
    text,
    values: values as unknown[],
    types: TYPES,
    query_timeout: timeoutMs + SILENCE_MS,
  };
  try {
    const result = await connection.query<Row>(query);
    return result.rows;
  } catch (error) {
    throw domainErrorOf(error);
  }
}
