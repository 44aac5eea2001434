import { DataSource } from 'typeorm';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { dataSourceOptions } from '../src/database/data-source.js';
import { BackgroundDatabase } from '../src/database/database.js';
import { Leader, NotLeaderError, RENEW_MS } from '../src/database/leader.js';
import { migrate } from '../src/database/migrate.js';
import { createDatabase, type TestDatabase } from './support/database.js';
import { poolOf } from './support/pool.js';

let database: TestDatabase;
let source: DataSource;
let connections: BackgroundDatabase;
/** Milliseconds, of all servers. */
let time = 0;

const server = (): Leader => new Leader(connections, () => time);
const expire = async () => await source.query(`update leases set until = clock_timestamp() - interval '1 s'`);
const write = async (leader: Leader, name: string) =>
  await leader.transaction('', async (runner) => {
    await runner.run({ name: '', text: `insert into leases values ('${name}', gen_random_uuid(), now())` }, []);
  });
const until = async (): Promise<number> =>
  (await source.query<{ until: Date }[]>(`select until from leases where name = 'background'`))[0]?.until.getTime() ??
  0;
const written = async (): Promise<string[]> =>
  (await source.query<{ name: string }[]>(`select name from leases where name <> 'background' order by 1`)).map(
    ({ name }) => name,
  );

beforeEach(async () => {
  database = await createDatabase();
  source = await new DataSource(
    dataSourceOptions({ url: database.url, poolSize: 4, statementTimeoutMs: 10_000 }),
  ).initialize();
  await migrate(source);
  connections = new BackgroundDatabase(poolOf(source));
  time = 0;
});

afterEach(async () => {
  await connections.close();
  await source.destroy();
  await database.drop();
});

test('of two servers that ask at once, one is the leader', async () => {
  const outcomes = await Promise.all([server(), server(), server()].map(async (one) => await one.leads()));
  expect(outcomes.filter(Boolean)).toHaveLength(1);
});

test('a leader stays the leader, renews its lease, and the database is asked no more often than that', async () => {
  const leader = server();
  expect(await leader.leads()).toBe(true);
  const first = await until();
  time += RENEW_MS - 1;
  expect([await leader.leads(), await until()]).toEqual([true, first]);
  time += 1;
  expect(await leader.leads()).toBe(true);
  expect(await until()).toBeGreaterThanOrEqual(first);
});

test('work that takes longer than a lease is valid renews it, by what it writes, here and elsewhere, and by what it reads', async () => {
  const [leader, other] = [server(), server()];
  const read = async () => await leader.run({ name: '', text: 'select 1' }, []);
  await leader.leads();
  for (const [name, work] of [
    ['writes', async () => await write(leader, 'batch')],
    ['reads', read],
    ['writes elsewhere', async () => await leader.confirm()],
  ] as const) {
    await expire();
    time += RENEW_MS;
    await work();
    expect([name, await other.leads()]).toEqual([name, false]);
  }
  await expire();
  await other.leads();
  time += RENEW_MS;
  await expect(read()).rejects.toThrow(NotLeaderError);
});

test('a lease that has ended is taken over, and what the former leader still wants to write is refused', async () => {
  const [former, next] = [server(), server()];
  expect([await former.leads(), await next.leads()]).toEqual([true, false]);
  await write(former, 'before');
  await expire();
  expect(await next.leads()).toBe(true);
  // It was paused, and wakes up convinced that its lease holds.
  expect(await former.leads()).toBe(true);
  await expect(write(former, 'late')).rejects.toThrow(NotLeaderError);
  await expect(former.confirm()).rejects.toThrow(NotLeaderError);
  await write(next, 'after');
  expect(await written()).toEqual(['after', 'before']);
  expect(await former.leads()).toBe(false);
});

test('who led before another did, and no longer does, writes nothing elsewhere', async () => {
  const [former, next] = [server(), server()];
  await former.leads();
  await expire();
  await next.leads();
  await expire();
  await expect(former.confirm()).rejects.toThrow(NotLeaderError);
  await next.giveBack();
  await expect(former.confirm()).rejects.toThrow(NotLeaderError);
});

test('a lease that has ended is no permission to write, even while nobody else has taken it', async () => {
  const leader = server();
  await leader.leads();
  await expire();
  await expect(write(leader, 'late')).rejects.toThrow(NotLeaderError);
  expect(await leader.leads()).toBe(true);
  await write(leader, 'again');
  expect(await written()).toEqual(['again']);
});

test('a lease that ends in the middle of a batch is taken over after the batch, and nobody waits for it', async () => {
  const [former, next] = [server(), server()];
  await former.leads();
  await former.transaction('', async (runner) => {
    // As if the batch had taken longer than the lease is valid.
    await runner.run({ name: '', text: `update leases set until = clock_timestamp() - interval '1 s'` }, []);
    expect(await next.leads()).toBe(false);
  });
  expect(await next.leads()).toBe(true);
});

test('while a batch of the leader takes long, its other work renews the lease and writes, and other servers take nothing', async () => {
  const [leader, other] = [server(), server()];
  await leader.leads();
  await leader.transaction('', async () => {
    await expire();
    time += RENEW_MS;
    expect(await other.leads()).toBe(false);
    await write(leader, 'beside');
    const holds = `select until > clock_timestamp() as holds from leases where name = 'background'`;
    expect(await source.query(holds)).toEqual([{ holds: true }]);
    expect(await other.leads()).toBe(false);
  });
  expect(await written()).toEqual(['beside']);
});

test('a server that ends gives its lease back, so that another need not wait for its end', async () => {
  const [former, next] = [server(), server()];
  await former.leads();
  await former.giveBack();
  expect(await next.leads()).toBe(true);
  await former.giveBack();
  expect(await next.leads()).toBe(true);
});
