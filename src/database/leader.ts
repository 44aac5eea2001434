import { randomUUID } from 'node:crypto';

import type { QueryResultRow } from 'pg';

import { identifier, instant, uuid } from './column.js';
import type { BackgroundDatabase, Statement, StatementRunner, Transactions } from './database.js';
import { returns, sql } from './sql.js';
import { statement } from './statement.js';
import { table } from './table.js';

/** The row of `leases` that the leader of all background work holds. */
const NAME = 'background';

/** Milliseconds. A lease is renewed long before it ends. */
export const RENEW_MS = 5_000;
const UNTIL = returns(`clock_timestamp() + interval '15 s'`);

const LEASES = table(
  'leases',
  { name: identifier(), holder: uuid(), until: instant() },
  { primaryKey: { name: 'leases_pk', columns: ['name'] } },
);

const { name: NAMED, holder: HOLDER } = LEASES.parameters;

/**
 * The clock is the database's, which all servers share. A batch of the leader holds the row `for key share`: renewing the
 * lease goes on beside it, as the holder is no key. Taking it over locks the whole row, and never waits: a server that finds the row
 * locked is not the leader.
 */
const TAKE = statement(
  'take_lease',
  sql`with renewed as (update leases l set until = ${UNTIL}
      where l.name = ${NAMED} and l.holder = ${HOLDER} returning l.holder),
    taken as (update leases l set holder = ${HOLDER}, until = ${UNTIL}
      where l.name in (select f.name from leases f where f.name = ${NAMED} and f.holder <> ${HOLDER}
        and f.until <= clock_timestamp() for update skip locked) returning l.holder),
    made as (insert into leases (name, holder, until) select ${NAMED}, ${HOLDER}, ${UNTIL}
      where not exists (select 1 from leases where name = ${NAMED}) on conflict (name) do nothing returning holder)
    select ${LEASES.select('l', ['holder'])}
    from (select * from renewed union all select * from taken union all select * from made) l`,
);

const CONFIRM = statement(
  'confirm_lease',
  sql`select ${LEASES.select('l', ['holder'])} from leases l
    where l.name = ${NAMED} and l.holder = ${HOLDER} and l.until > clock_timestamp() for key share`,
);

/** Nobody else has led since the holder of an ended lease did, as taking it over or giving it back would have shown. */
const RENEW = statement(
  'renew_lease',
  sql`update leases l set until = ${UNTIL} where l.name = ${NAMED} and l.holder = ${HOLDER}
    returning ${LEASES.select('l', ['holder'])}`,
);

const GIVE_BACK = statement('give_lease_back', sql`delete from leases where name = ${NAMED} and holder = ${HOLDER}`);

/**
 * Of all servers on one database one does the background work. A row rather than an advisory lock, which a pooler in
 * transaction mode would not keep. Whatever the leader writes, it writes in `transaction`: a server that was paused and
 * wakes up after another has taken over writes nothing.
 */
export class Leader implements StatementRunner, Transactions {
  private readonly lease = { name: NAME, holder: randomUUID() };
  private renewedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly database: BackgroundDatabase,
    /** Milliseconds, monotonic. */
    private readonly monotonic: () => number = () => performance.now(),
  ) {}

  /** Whether this server is the leader, or could become it just now. */
  async leads(): Promise<boolean> {
    if (this.monotonic() - this.renewedAt < RENEW_MS) return true;
    const askedAt = this.monotonic();
    const taken = await TAKE.first(this.database, this.lease);
    this.renewedAt = taken === undefined ? Number.NEGATIVE_INFINITY : askedAt;
    return taken !== undefined;
  }

  /** For long reads: renews the lease. Throws `NotLeaderError` where this server is no longer the leader. */
  async run<Row extends QueryResultRow>(read: Statement, values: readonly unknown[]): Promise<Row[]> {
    await this.renew();
    return await this.database.run<Row>(read, values);
  }

  /** Throws `NotLeaderError` where this server is no longer the leader. */
  async transaction<Result>(
    clientExtId: string,
    work: (runner: StatementRunner) => Promise<Result>,
    statementTimeoutMs?: number,
  ): Promise<Result> {
    await this.renew();
    return await this.database.transaction(
      clientExtId,
      async (runner) => {
        this.requireHeld(await CONFIRM.first(runner, this.lease));
        return await work(runner);
      },
      statementTimeoutMs,
    );
  }

  /** Work may take longer than a lease is valid. */
  private async renew(): Promise<void> {
    if (!(await this.leads())) throw new NotLeaderError();
  }

  /**
   * For a step that writes elsewhere than in the database, such as in the vault: as late as possible before it. Renews a
   * lease that what came before has outlasted.
   */
  async confirm(): Promise<void> {
    this.requireHeld(
      (await CONFIRM.first(this.database, this.lease)) ?? (await RENEW.first(this.database, this.lease)),
    );
  }

  private requireHeld(lease: object | undefined): void {
    if (lease !== undefined) return;
    this.renewedAt = Number.NEGATIVE_INFINITY;
    throw new NotLeaderError();
  }

  /** Another server need not wait for the end of the lease. */
  async giveBack(): Promise<void> {
    if (this.renewedAt === Number.NEGATIVE_INFINITY) return;
    this.renewedAt = Number.NEGATIVE_INFINITY;
    await GIVE_BACK.all(this.database, this.lease);
  }
}

/** Expected where servers change: the work goes on elsewhere. */
export class NotLeaderError extends Error {
  override readonly name = 'NotLeaderError';

  constructor() {
    super('Another server is the leader of background work.');
  }
}
