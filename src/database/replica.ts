import type { Pool, PoolClient } from 'pg';

import { AppError } from '../common/errors.js';
import { Connections } from './connections.js';
import { failureKindOf, isBroken, isTimeout } from './database-error.js';
import { type BackgroundDatabase, Database, type ReadOnlyCopy, type Statement } from './database.js';
import { LAG_PAUSE_MS, PrimaryPositions } from './replica-lag.js';

/** After a failure, how long the replica is left alone. */
const REST_MS = 5_000;

/** A replica that does not say within this time how far it is, serves nothing. */
const CHECK_MS = 1_000;

const REPLAYED = `select pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::text as replayed
  where pg_is_in_recovery()`;

/**
 * How reads end that the replica may serve: it served, or it refused what the primary would refuse, too; otherwise the
 * primary was asked, because the replica lags, or it is not known whether it does; is no replica; cancelled the read
 * because of recovery; was not reached; or failed otherwise, as without a table of a new schema.
 */
const OUTCOMES = ['served', 'refused', 'lag', 'no_replica', 'conflict', 'unavailable', 'other'] as const;
type Outcome = (typeof OUTCOMES)[number];

/** Why the primary serves a read. */
class ReplicaUnusableError extends Error {
  override readonly name = 'ReplicaUnusableError';

  constructor(
    readonly outcome: Outcome,
    message: string,
  ) {
    super(message);
  }
}

const WRITTEN: Statement = {
  name: '',
  text: `select pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::text as written`,
};
const ONE: Statement = { name: '', text: 'select 1' };

/** A read-only copy of the database. Each connection to it is checked, as a proxy may lead to several. */
export class Replica implements ReadOnlyCopy {
  /** As the last `watch` found it. */
  isUp = false;
  /** By outcome, counted since the process started. */
  readonly reads: Record<Outcome, number> = noReads();
  private readonly positions = new PrimaryPositions();
  private readonly checkedAt = new WeakMap<PoolClient, number>();
  private readonly database: Database;
  private rest = { until: Number.NEGATIVE_INFINITY, after: 'unavailable' as Outcome };

  /** `monotonic`: milliseconds. */
  constructor(
    primary: Pool,
    url: string,
    private readonly monotonic: () => number = () => performance.now(),
  ) {
    const admit = async (connection: PoolClient): Promise<void> => await this.admit(connection);
    this.database = new Database(primary, Connections.ofReplica(primary, url, admit));
  }

  /** Reads how far the primary is, and whether the replica is far enough; never throws. */
  async watch(primary: BackgroundDatabase): Promise<void> {
    try {
      const [row] = await primary.run<{ written: string }>(WRITTEN, []);
      if (row !== undefined) this.positions.add(BigInt(row.written), this.monotonic());
    } catch {
      // What was known of the primary before stays valid.
    }
    this.isUp = await this.database.run(ONE, []).then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    await this.database.close();
  }

  /** Throws where the server of this connection lags too far behind, or is no replica. */
  private async admit(connection: PoolClient): Promise<void> {
    const now = this.monotonic();
    const checkedAt = this.checkedAt.get(connection) ?? Number.NEGATIVE_INFINITY;
    if (now - checkedAt < LAG_PAUSE_MS) return;
    const required = this.positions.required(now);
    if (required === undefined) throw new ReplicaUnusableError('lag', 'Nothing is known of the primary.');
    const replayed = await askReplayed(connection);
    if (replayed === undefined) throw new ReplicaUnusableError('no_replica', 'The replica is no replica.');
    if (replayed < required) throw new ReplicaUnusableError('lag', 'The replica lags behind.');
    this.checkedAt.set(connection, now);
  }

  /** Runs a read on the replica, and again on the primary where the replica fails. */
  async read<Result>(work: (database: Database) => Promise<Result>, primary: Database): Promise<Result> {
    if (this.monotonic() < this.rest.until) {
      this.reads[this.rest.after] += 1;
      return await work(primary);
    }
    try {
      const result = await work(this.database);
      this.reads.served += 1;
      return result;
    } catch (error) {
      const outcome = outcomeOf(error);
      this.reads[outcome] += 1;
      if (outcome === 'refused') throw error;
      if (isBroken(error)) this.rest = { until: this.monotonic() + REST_MS, after: outcome };
      return await work(primary);
    }
  }
}

/** Of a server without a replica, too, so that its metrics have the same names. */
export function noReads(): Record<Outcome, number> {
  return Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof ReplicaUnusableError) return error.outcome;
  // What a slow search or a full queue is refused with would only burden the primary, too.
  if (isTimeout(error) || (error instanceof AppError && error.cause === undefined)) return 'refused';
  const kind = failureKindOf(error);
  if (kind === 'lock') return 'conflict';
  return kind === undefined || kind === 'other' ? 'other' : 'unavailable';
}

async function askReplayed(connection: PoolClient): Promise<bigint | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<bigint | undefined>();
  const timer = setTimeout(
    () => reject(new ReplicaUnusableError('unavailable', 'The replica does not answer.')),
    CHECK_MS,
  );
  connection.query<{ replayed: string | null }>(REPLAYED, (error: Error | null | undefined, result) => {
    clearTimeout(timer);
    if (error) reject(error);
    else resolve(result.rows[0]?.replayed == null ? undefined : BigInt(result.rows[0].replayed));
  });
  return await promise;
}
