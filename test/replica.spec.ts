import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { connect } from '../src/commands/running-database.js';
import { Connections } from '../src/database/connections.js';
import { BackgroundDatabase, Database, type Statement } from '../src/database/database.js';
import { openPool } from '../src/database/pool.js';
import { MAX_LAG_MS } from '../src/database/replica-lag.js';
import { noReads, Replica } from '../src/database/replica.js';
import { Searches } from '../src/database/searches.js';
import { SettingsFolder } from './support/settings-folder.js';
import { StreamingReplica } from './support/streaming-replica.js';

const SEEN: Statement = {
  name: 'seen_by_list',
  text: 'select pg_is_in_recovery() as of_replica, count(*)::int as written from numbers',
};
const WRITE: Statement = { name: 'write_number', text: 'insert into numbers values (1)' };

let servers: StreamingReplica;
let pool: Pool;
let background: BackgroundDatabase;
let replica: Replica;
let database: Database;
/** Monotonic milliseconds. */
let now = 0;

beforeAll(async () => {
  servers = await StreamingReplica.start();
  await servers.onPrimary('create table numbers (number integer)');
  const settings = { url: servers.primary.url, poolSize: 4, statementTimeoutMs: 10_000 };
  pool = openPool(settings);
  background = new BackgroundDatabase(pool);
  replica = new Replica(pool, servers.replica.url, () => now);
  database = new Database(pool, Connections.ofRequests(pool), replica);
});

afterAll(async () => {
  await replica.close();
  await background.close();
  await pool.end();
  await servers.end();
});

/** By how much each outcome of reads grows during `work`. */
async function outcomesOf(work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
  const before = { ...replica.reads };
  await work();
  const grown = Object.entries(replica.reads).map(
    ([outcome, count]) => [outcome, count - before[outcome as keyof typeof before]] as const,
  );
  return Object.fromEntries(grown.filter(([, count]) => count > 0));
}

const list = async () => (await database.lists.run(SEEN, []))[0];

/** Lets so much time pass, during which the primary was asked, and looks again. */
async function pass(milliseconds: number): Promise<void> {
  now += milliseconds;
  await replica.watch(background);
}

async function replicaHasAll(): Promise<void> {
  const [row] = await servers.onPrimary<{ written: string }>('select pg_current_wal_flush_lsn()::text as written');
  await expect
    .poll(async () => await servers.onReplica(`select pg_last_wal_replay_lsn() >= '${row?.written}' as has`))
    .toEqual([{ has: true }]);
}

test('the primary serves until it is known how far it is, and then the replica does', async () => {
  expect(await outcomesOf(list)).toEqual({ lag: 1 });
  expect(await list()).toEqual({ of_replica: false, written: 0 });
  await replicaHasAll();
  await pass(MAX_LAG_MS);
  expect(replica.isUp).toBe(true);
  expect(await list()).toEqual({ of_replica: true, written: 0 });
  const search = { statement: SEEN, values: [], limited: true };
  const searched = await outcomesOf(async () => {
    expect(await new Searches(database).run(search, undefined)).toEqual([{ of_replica: true, written: 0 }]);
  });
  expect(searched).toEqual({ served: 1 });
});

test('a list may lack one’s own change for as long as the bound; any other read has it', async () => {
  await servers.onReplica('select pg_wal_replay_pause()');
  await database.run(WRITE, []);
  expect(await list()).toEqual({ of_replica: true, written: 0 });
  for (const rows of [
    await database.run(SEEN, []),
    await database.pages.run(SEEN, []),
    await database.transaction('100', async (runner) => await runner.run(SEEN, [])),
  ]) {
    expect(rows).toEqual([{ of_replica: false, written: 1 }]);
  }
});

test('a replica that lags beyond the bound serves nothing, until it has caught up', async () => {
  await pass(0);
  await pass(MAX_LAG_MS);
  expect(replica.isUp).toBe(false);
  expect(await list()).toEqual({ of_replica: false, written: 1 });
  // Also while it is left alone.
  expect(await outcomesOf(list)).toEqual({ lag: 1 });
  await servers.onReplica('select pg_wal_replay_resume()');
  await replicaHasAll();
  await pass(MAX_LAG_MS);
  expect(replica.isUp).toBe(true);
  expect(await list()).toEqual({ of_replica: true, written: 1 });
});

test('7.1 a standby in place of the primary is 503, and its connections are not kept', async () => {
  const settings = { url: servers.replica.url, poolSize: 1, statementTimeoutMs: 10_000 };
  const standby = openPool(settings);
  try {
    const read = new Database(standby).run(SEEN, []);
    await expect(read).rejects.toMatchObject({ code: 'errors.unavailable', retryAfterSeconds: 5 });
    expect(standby.totalCount).toBe(0);
  } finally {
    await standby.end();
  }
});

test('a start waits for a standby to become the primary, and says so', async () => {
  const variables = { DATABASE_URL: servers.replica.url, DATABASE_WAIT_SECONDS: '0' };
  const folder = new SettingsFolder();
  try {
    const said: string[] = [];
    const settings = folder.production(variables);
    const start = connect(settings, servers.replica.url, (line) => void said.push(line));
    await expect(start).rejects.toThrow('is a standby');
    expect(said).toEqual([]);
    const waiting = connect(
      folder.production({ ...variables, DATABASE_WAIT_SECONDS: '1' }),
      servers.replica.url,
      (line) => void said.push(line),
    );
    await expect(waiting).rejects.toThrow('is a standby');
    expect(said).toEqual(['Waiting up to 1 s for the database: The server of this connection is a standby.']);
  } finally {
    folder.remove();
  }
});

test('a read that fails on the replica is counted by its reason, and one that the primary would refuse is refused', async () => {
  const conflict = `do $$ begin raise exception 'conflict with recovery' using errcode = '40001'; end $$`;
  const outcomes: unknown[] = [];
  for (const [text, limitMs] of [
    [conflict, 20_000],
    ['select * from no_such_table', 20_000],
    [`select pg_sleep(60)`, 50],
  ] as const) {
    const read = async (): Promise<unknown> =>
      await database.anywhere(
        async (one) =>
          await one.transaction('100', async (runner) => await runner.run({ name: '', text }, []), limitMs),
      );
    outcomes.push(await outcomesOf(async () => await expect(read()).rejects.toThrow()));
  }
  expect(outcomes).toEqual([{ conflict: 1 }, { other: 1 }, { refused: 1 }]);
});

test('a database that is no replica serves no list', async () => {
  const none = new Replica(pool, servers.primary.url, () => now);
  try {
    await none.watch(background);
    expect(none.isUp).toBe(false);
    const [row] = await none.read(async (one) => await one.run(SEEN, []), database);
    expect([row, none.reads]).toEqual([
      { of_replica: false, written: 1 },
      { ...noReads(), no_replica: 1 },
    ]);
  } finally {
    await none.close();
  }
});

test('7.1 a replica that ends costs no answer: the primary serves', async () => {
  await servers.replica.stop();
  expect(await outcomesOf(list)).toEqual({ unavailable: 1 });
  expect(await list()).toEqual({ of_replica: false, written: 1 });
  await pass(MAX_LAG_MS);
  expect(replica.isUp).toBe(false);
  expect(await list()).toEqual({ of_replica: false, written: 1 });
});
