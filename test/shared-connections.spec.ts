import { setImmediate } from 'node:timers/promises';

import pg from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { dataSourceOptions } from '../src/database/data-source.js';
import { isBroken } from '../src/database/database-error.js';
import { Database, type Statement } from '../src/database/database.js';
import { runOn } from '../src/database/sending.js';
import { SharedConnections } from '../src/database/shared-connections.js';
import { createDatabase, type TestDatabase } from './support/database.js';
import { poolOf } from './support/pool.js';

const SHORT = { isShort: true, ofNoClient: true };
const NUMBERED: Statement = {
  ...SHORT,
  name: 'numbered',
  text: 'select pg_backend_pid() as pid, 10 / $1::integer as tenth, $1::integer as number',
};
const ASLEEP: Statement = { ...SHORT, name: 'asleep', text: 'select pg_sleep(20), $1::integer' };
const LOCKED: Statement = {
  ...SHORT,
  name: 'locked',
  // For longer than requests wait for a lock.
  text: `select set_config('lock_timeout', '0', true), pg_advisory_xact_lock_shared(62), pg_backend_pid() as pid,
    $1::integer as number`,
};
const LONG: Statement = { ofNoClient: true, name: 'long', text: 'select pg_backend_pid() as pid, $1::integer' };
const VALUES: Statement = {
  ...SHORT,
  name: 'values',
  text: `select 1 as one, null as nothing, true as yes, '{a,"b c",null}'::text[] as list, '\\x00ff'::bytea as octets,
    '{"a":[1]}'::jsonb as object, 'ä' as text, timestamptz '2026-01-31 23:59:59.1+00' as tenth,
    timestamptz '2026-01-31 00:00:00+00' as whole, timestamptz '0099-12-31 00:00:00+00' as early,
    timestamptz '10000-01-01 00:00:00+00' as late, 'infinity'::timestamptz as never,
    timestamptz '2026-01-31 00:00:00.123456+00' as fine, 9007199254740993::bigint as big`,
};

let server: TestDatabase;
let admin: pg.Client;
let dataSource: DataSource;
let database: Database;

beforeAll(async () => {
  server = await createDatabase();
  admin = new pg.Client({ connectionString: server.url, options: '-c timezone=UTC' });
  await admin.connect();
});

beforeEach(async () => {
  const settings = { url: server.url, poolSize: 10, statementTimeoutMs: 25_000 };
  dataSource = await new DataSource(dataSourceOptions(settings)).initialize();
  database = new Database(poolOf(dataSource));
  return async () => await dataSource.destroy();
});

afterAll(async () => {
  await admin.end();
  await server.drop();
});

interface Numbered {
  readonly pid: number;
  readonly tenth: number;
  readonly number: number;
}

const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
async function countLocked(): Promise<number> {
  const { rows } = await admin.query(
    `select from pg_stat_activity where query = $1 and wait_event_type = 'Lock' and datname = current_database()`,
    [LOCKED.text],
  );
  return rows.length;
}
const readNumber = async (number: number): Promise<Numbered[]> => await database.run<Numbered>(NUMBERED, [number]);

test('short reads at the same time get their own rows', async () => {
  for (let round = 0; round < 3; round += 1) {
    const answers = (await Promise.all(numbersTo(100).map(readNumber))).flat();
    expect(answers.map(({ number }) => number)).toEqual(numbersTo(100));
  }
});

/** With a clock that only the test advances, so that how fast the machine is does not matter. */
function sharing() {
  const clock = { now: 0 };
  const { master: pool } = dataSource.driver as unknown as { readonly master: pg.Pool };
  const shared = new SharedConnections(
    async () => await pool.connect(),
    () => clock.now,
  );
  const pidOf = async (statement: Statement, number: number, onSend?: () => void): Promise<number | undefined> => {
    const rows = await shared.use(async (connection) => {
      onSend?.();
      return await runOn<Numbered>(connection, 25_000, statement, [number]);
    }, isBroken);
    return rows[0]?.pid;
  };
  return { clock, pidOf };
}

test('short reads that are answered soon share two connections', async () => {
  const { pidOf } = sharing();
  for (let round = 0; round < 3; round += 1) {
    const pids = await Promise.all(numbersTo(100).map(async (number) => await pidOf(NUMBERED, number)));
    expect(new Set(pids).size).toBe(2);
  }
});

test('while reads have had no answer for two milliseconds and three turns of the event loop, others use further connections', async () => {
  const { clock, pidOf } = sharing();
  await admin.query('select pg_advisory_lock(62)');
  const slow = [pidOf(LOCKED, 1), pidOf(LOCKED, 2)];
  await expect.poll(countLocked).toBe(2);
  for (let turn = 0; turn < 3; turn += 1) await setImmediate();
  clock.now = 1;
  const tooSoon = [pidOf(NUMBERED, 3), pidOf(NUMBERED, 4)];
  clock.now = 2;
  const further = await pidOf(NUMBERED, 5);
  await admin.query('select pg_advisory_unlock(62)');
  const first = await Promise.all(slow);
  expect(new Set(first).size).toBe(2);
  expect(new Set(await Promise.all(tooSoon))).toEqual(new Set(first));
  expect(first).not.toContain(further);
});

test('a long turn of the event loop does not make reads slow, whose answers may have arrived in it', async () => {
  const { clock, pidOf } = sharing();
  const before = await Promise.all([pidOf(NUMBERED, 1), pidOf(NUMBERED, 2)]);
  const answers: Promise<number | undefined>[] = [];
  await new Promise<void>((resolve) => {
    // Its connection is open, so that it is sent in this turn.
    answers.push(pidOf(NUMBERED, 3), pidOf(NUMBERED, 4, resolve));
  });
  clock.now = 1_000;
  answers.push(pidOf(NUMBERED, 5), pidOf(NUMBERED, 6));
  expect(new Set(await Promise.all(answers))).toEqual(new Set(before));
});

test('other statements at the same time have a connection each', async () => {
  const answers = await Promise.all(numbersTo(10).map(async (number) => await database.run(LONG, [number])));
  expect(new Set(answers.flat().map(({ pid }) => pid)).size).toBeGreaterThan(2);
});

test('the error of one short read is not that of those beside it, and costs no connection', async () => {
  const pids = [...new Set((await Promise.all(numbersTo(20).map(readNumber))).flat().map(({ pid }) => pid))];
  const answers = await Promise.allSettled([1, 0, 2, 0, 5].map(readNumber));
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']);
  const { rows } = await admin.query('select pid from pg_stat_activity where pid = any ($1)', [pids]);
  expect(rows).toHaveLength(pids.length);
});

test('7.1 a connection that ends is 503 for all short reads on it, and the next ones get another one', async () => {
  const lost = numbersTo(4).map(async (number) => await database.run(ASLEEP, [number]));
  const refused = Promise.allSettled(lost);
  await expect
    .poll(async () => {
      const { rows } = await admin.query<{ pid: number }>(
        `select pid from pg_stat_activity where query = $1 and state = 'active' and datname = current_database()`,
        [ASLEEP.text],
      );
      if (rows.length === 2)
        await admin.query('select pg_terminate_backend(pid) from unnest($1::integer[]) as pid', [
          rows.map(({ pid }) => pid),
        ]);
      return rows.length;
    })
    .toBe(2);
  for (const answer of await refused) {
    expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'errors.unavailable', retryAfterSeconds: 5 } });
  }
  expect(database.connections.queue.heldCount).toBe(0);
  expect((await Promise.all(numbersTo(20).map(readNumber))).flat()).toHaveLength(20);
});

test('a database that cannot be reached is 503 for each short read', async () => {
  await dataSource.destroy();
  const answers = await Promise.allSettled(numbersTo(4).map(readNumber));
  for (const answer of answers)
    expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'errors.unavailable' } });
  await dataSource.initialize();
});

test('rows of a prepared statement have the values that the driver returns', async () => {
  const { rows } = await admin.query(VALUES.text);
  for (let execution = 0; execution < 2; execution += 1) expect(await database.run(VALUES, [])).toEqual(rows);
});

test('a statement whose columns have changed is prepared again', async () => {
  const read: Statement = { ...SHORT, name: 'changing', text: 'select changing from changing' };
  await admin.query('create table changing (a integer); insert into changing values (1)');
  expect(await Promise.all([database.run(read, []), database.run(read, [])])).toHaveLength(2);
  await admin.query(`alter table changing alter a type text, add b integer default 2`);
  const columns: Statement = { ...SHORT, name: 'columns', text: 'select changing.* from changing' };
  expect(await database.run(columns, [])).toEqual([{ a: '1', b: 2 }]);
  await admin.query('alter table changing alter b type text');
  expect(await database.run(columns, [])).toEqual([{ a: '1', b: '2' }]);
});

test('a value that cannot be sent is an error of its own, and the connection is used again', async () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const text: Statement = { ...SHORT, name: 'text', text: 'select $1::text as text' };
  for (let execution = 0; execution < 2; execution += 1) {
    await expect(database.run(text, [circular])).rejects.toThrow(TypeError);
    expect(await database.run(text, ['sent'])).toEqual([{ text: 'sent' }]);
  }
});
