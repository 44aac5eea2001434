import type { Pool, PoolClient, QueryConfig, QueryResultRow } from 'pg';
import pg from 'pg';
import type { DataSource } from 'typeorm';

import { statementTimeoutOf } from './data-source.js';
import { domainErrorOf, isRetryable, isUnanswered } from './database-error.js';
import { parseTimestamp } from './timestamp.js';

/** SQL of the hot path, prepared once a connection under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
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
  text: `select set_config('statement_timeout', $1, true)`,
};

/** A transaction is run again this often after a serialization failure or a deadlock (40001, 40P01). */
const ATTEMPTS = 5;

/**
 * The hot path's way to PostgreSQL: TypeORM's own pool, but named statements, which halve the cost of a read by key.
 * Errors that mean something to the domain come out as `AppError`, by the name of the constraint.
 */
export class Database implements StatementRunner {
  private readonly pool: Pool;
  private readonly statementTimeoutMs: number;

  constructor(readonly dataSource: DataSource) {
    this.pool = (dataSource.driver as unknown as { master: Pool }).master;
    this.statementTimeoutMs = statementTimeoutOf(dataSource);
  }

  /** One statement is one transaction. */
  async run<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    return await tryAgain(async () => await runOn<Row>(this.pool, this.statementTimeoutMs, statement, values));
  }

  /** For health checks: answers, and never throws. */
  async isReachable(): Promise<boolean> {
    return await this.run({ name: 'ping', text: 'select 1' }, []).then(
      () => true,
      () => false,
    );
  }

  /**
   * Runs the whole of `work` again where PostgreSQL says that trying again is the answer. `statementTimeoutMs` is for
   * work whose statements may take longer, or not as long, as those of others.
   */
  async transaction<Result>(
    work: (runner: StatementRunner) => Promise<Result>,
    statementTimeoutMs?: number,
  ): Promise<Result> {
    return await tryAgain(async () => await this.transactionOnce(work, statementTimeoutMs));
  }

  /**
   * Runs `work` unless another server, or this one, is at work under the same number; undefined then. The lock has a
   * connection of its own, so that a pool of one connection does not wait for itself; it ends with the connection.
   */
  async alone<Result>(lock: bigint, work: () => Promise<Result>): Promise<Result | undefined> {
    const client = new pg.Client(this.pool.options);
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

  private async transactionOnce<Result>(
    work: (runner: StatementRunner) => Promise<Result>,
    ownTimeoutMs: number | undefined,
  ): Promise<Result> {
    const timeoutMs = ownTimeoutMs ?? this.statementTimeoutMs;
    const client = await this.connect();
    const runner: StatementRunner = {
      run: async (statement, values) => await runOn(client, timeoutMs, statement, values),
    };
    let broken: Error | undefined;
    try {
      await client.query(unprepared('begin', timeoutMs));
      if (ownTimeoutMs !== undefined) await runner.run(LIMIT_STATEMENTS, [String(ownTimeoutMs)]);
      const result = await work(runner);
      await client.query(unprepared('commit', timeoutMs));
      return result;
    } catch (error) {
      // The first error is the one that is told. A connection that cannot even roll back is thrown away; one that has
      // fallen silent is not asked to.
      if (isUnanswered(error)) broken = error as Error;
      else await client.query(unprepared('rollback', timeoutMs)).catch((failure: Error) => (broken = failure));
      throw domainErrorOf(error);
    } finally {
      client.release(broken);
    }
  }

  private async connect(): Promise<PoolClient> {
    try {
      return await this.pool.connect();
    } catch (error) {
      throw domainErrorOf(error);
    }
  }
}

async function tryAgain<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tries >= ATTEMPTS || !isRetryable(error)) throw error;
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
  target: Pool | PoolClient,
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
    const result = await target.query<Row>(query);
    return result.rows;
  } catch (error) {
    throw domainErrorOf(error);
  }
}
