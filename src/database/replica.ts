import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';

import { AppError } from '../common/errors.js';
import { Connections } from './connections.js';
import { isBroken, isTimeout } from './database-error.js';
import { type BackgroundDatabase, Database, type ReadOnlyCopy, type Statement } from './database.js';
import { LAG_PAUSE_MS, PrimaryPositions } from './replica-lag.js';

/** After a failure, how long the replica is left alone. */
const REST_MS = 5_000;

/** A replica that does not say within this time how far it is, serves nothing. */
const CHECK_MS = 1_000;

const REPLAYED = `select pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::text as replayed
  where pg_is_in_recovery()`;

/** Why the primary serves a read. */
class ReplicaUnusableError extends Error {
  override readonly name = 'ReplicaUnusableError';
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
  private readonly positions = new PrimaryPositions();
  private readonly checkedAt = new WeakMap<PoolClient, number>();
  private readonly database: Database;
  private restsUntil = Number.NEGATIVE_INFINITY;

  /** `monotonic`: milliseconds. */
  constructor(
    dataSource: DataSource,
    url: string,
    private readonly monotonic: () => number = () => performance.now(),
  ) {
    const admit = async (connection: PoolClient): Promise<void> => await this.admit(connection);
    this.database = new Database(dataSource, Connections.ofReplica(dataSource, url, admit));
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
    if (required === undefined) throw new ReplicaUnusableError('Nothing is known of the primary.');
    const replayed = await askReplayed(connection);
    if (replayed === undefined || replayed < required) {
      throw new ReplicaUnusableError('The replica is no replica, or lags behind.');
    }
    this.checkedAt.set(connection, now);
  }

  /** Runs a read on the replica, and again on the primary where the replica fails. */
  async read<Result>(work: (database: Database) => Promise<Result>, primary: Database): Promise<Result> {
    if (this.monotonic() < this.restsUntil) return await work(primary);
    try {
      return await work(this.database);
    } catch (error) {
      // What a slow search or a full queue is refused with would only burden the primary, too.
      if (isTimeout(error) || (error instanceof AppError && error.cause === undefined)) throw error;
      if (isBroken(error)) this.restsUntil = this.monotonic() + REST_MS;
      return await work(primary);
    }
  }
}

async function askReplayed(connection: PoolClient): Promise<bigint | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<bigint | undefined>();
  const timer = setTimeout(() => reject(new ReplicaUnusableError('The replica does not answer.')), CHECK_MS);
  connection.query<{ replayed: string | null }>(REPLAYED, (error: Error | null | undefined, result) => {
    clearTimeout(timer);
    if (error) reject(error);
    else resolve(result.rows[0]?.replayed == null ? undefined : BigInt(result.rows[0].replayed));
  });
  return await promise;
}
