import pg from 'pg';
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { BackgroundDatabase, Database, type Statement } from '../src/database/database.js';
import { openPool } from '../src/database/pool.js';
import { createDatabase, type TestDatabase } from './support/database.js';

const BACKENDS: Statement = {
  name: 'backends',
  text: `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
};
const SELF: Statement = { name: 'self', text: 'select pg_backend_pid() as pid' };
const HOLD: Statement = { name: 'hold', text: 'select 1 from held where id = $1 for update' };

let server: TestDatabase;
let admin: pg.Client;
let pool: Pool;
let database: Database;

beforeAll(async () => {
  server = await createDatabase();
  admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query('create table held (id text primary key); insert into held values ($$a$$), ($$b$$)');
});

beforeEach(async () => {
  const settings = { url: server.url, poolSize: 5, statementTimeoutMs: 25_000 };
  pool = openPool(settings);
  database = new Database(pool);
  return async () => await pool.end();
});

afterAll(async () => {
  await admin.end();
  await server.drop();
});

async function pidOf(runner: Pick<Database, 'run'>): Promise<number> {
  const [row] = await runner.run<{ pid: number }>(SELF, []);
  return row?.pid ?? 0;
}

const terminate = async (pid: number): Promise<unknown> => await admin.query('select pg_terminate_backend($1)', [pid]);

test('7.1 a connection that ends while its transaction is idle is 503, and the server goes on', async () => {
  const lost = database.transaction('100', async (runner) => {
    await terminate(await pidOf(runner));
    return await runner.run(SELF, []);
  });
  await expect(lost).rejects.toMatchObject({ code: 'errors.unavailable', retryAfterSeconds: 5 });
  expect(await pidOf(database)).toBeGreaterThan(0);
});

test('7.1 the server also goes on when the first connection, opened by TypeORM, ends', async () => {
  const held = database.transaction('100', async (runner) => {
    const { rows } = await admin.query<{ pid: number }>(BACKENDS.text);
    for (const { pid } of rows) await terminate(pid);
    return await runner.run(SELF, []);
  });
  await expect(held).rejects.toMatchObject({ code: 'errors.unavailable' });
});

test('7.1 a connection that ends during a statement is 503', async () => {
  const asleep: Statement = { name: 'asleep', text: 'select pg_sleep(20)' };
  const lost = expect(database.run(asleep, [])).rejects.toMatchObject({ code: 'errors.unavailable' });
  await expect
    .poll(async () => {
      const { rows } = await admin.query<{ pid: number }>(
        `select pid from pg_stat_activity where query like '%pg_sleep(20)' and state = 'active' and datname = current_database() and pid <> pg_backend_pid()`,
      );
      for (const { pid } of rows) await terminate(pid);
      return rows.length;
    })
    .toBe(1);
  await lost;
  expect(await pidOf(database)).toBeGreaterThan(0);
});

test('7.1 idle connections that end are replaced', async () => {
  await Promise.all(Array.from({ length: 5 }, async () => await pidOf(database)));
  const { rows } = await admin.query<{ pid: number }>(BACKENDS.text);
  for (const { pid } of rows) await terminate(pid);
  // The pool may notice only when the next statement fails.
  await expect.poll(async () => await pidOf(database).catch(() => 0)).toBeGreaterThan(0);
});

test('an error of PostgreSQL does not close the connection, in a statement or in a transaction', async () => {
  const refused: Statement = { name: 'refused', text: `insert into held values ('a')` };
  const before = await pidOf(database);
  for (let count = 0; count < 20; count += 1) {
    await expect(database.run(refused, [])).rejects.toThrow('held_pkey');
    await expect(database.transaction('100', async (runner) => await runner.run(refused, []))).rejects.toThrow();
  }
  expect(await pidOf(database)).toBe(before);
});

test('7.1 a row that stays locked is 503 after the lock timeout, before the statement timeout', async () => {
  await admin.query('begin');
  await admin.query(`select 1 from held where id = 'a' for update`);
  const waited = database.run(HOLD, ['a']);
  await expect(waited).rejects.toMatchObject({ code: 'errors.unavailable', retryAfterSeconds: 1 });
  await admin.query('rollback');
  expect(await database.run(HOLD, ['a'])).toHaveLength(1);
});

test('statements of one client that wait for a lock leave a connection for other clients', async () => {
  await admin.query('begin');
  await admin.query(`select 1 from held where id = 'a' for update`);
  const blocked = Array.from({ length: 20 }, async () => await database.run(HOLD, ['a']).catch(() => 'refused'));
  // One of the five connections is kept for other clients.
  expect([database.connections.queue.heldCount, database.connections.queue.waitingCount]).toEqual([4, 16]);
  for (let count = 0; count < 10; count += 1) expect(await database.run(HOLD, ['b'])).toHaveLength(1);
  await admin.query('rollback');
  await Promise.all(blocked);
});

test('readiness uses a connection of its own and requires that writes are possible', async () => {
  const background = new BackgroundDatabase(pool);
  try {
    const hold = async (): Promise<unknown> =>
      await database.transaction(
        '100',
        async (runner) => await runner.run({ name: '', text: 'select pg_sleep(0.3)' }, []),
      );
    const busy = Array.from({ length: 20 }, hold);
    expect(await background.isReady()).toBe(true);
    await Promise.all(busy);

    const name = new URL(server.url).pathname.slice(1);
    await admin.query(`alter database ${name} set default_transaction_read_only = on`);
    const readOnly = new BackgroundDatabase(pool);
    expect(await readOnly.isReady()).toBe(false);
    await readOnly.close();
    await admin.query('set default_transaction_read_only = off');
    await admin.query(`alter database ${name} reset default_transaction_read_only`);
  } finally {
    await background.close();
  }
});

test('a statement whose prepared plan became stale by a changed column is run again, also in a transaction', async () => {
  const read: Statement = { name: 'read_changing', text: 'select * from changing' };
  await admin.query('create table changing (value integer); insert into changing values (1)');
  await Promise.all(Array.from({ length: 5 }, async () => await database.run(read, [])));
  await admin.query('alter table changing alter value type text');
  expect(await database.run(read, [])).toEqual([{ value: '1' }]);
  await admin.query('alter table changing alter value type integer using value::integer');
  expect(await database.transaction('100', async (runner) => await runner.run(read, []))).toEqual([{ value: 1 }]);
});
