import pg from 'pg';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Connections } from '../src/database/connections.js';
import { BackgroundDatabase, Database, type Statement } from '../src/database/database.js';
import { openPool } from '../src/database/pool.js';
import { createDatabase, type TestDatabase } from './support/database.js';
import { isPgbouncerMissing, Pgbouncer } from './support/pgbouncer.js';

const SETTINGS: Statement = {
  name: 'settings_of_session',
  text: `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
    current_setting('TimeZone') as zone, current_setting('enable_seqscan') as scans,
    current_setting('gin_pending_list_limit') as pending, current_setting('DateStyle') as dates,
    current_setting('transaction_isolation') as isolation`,
};
const TIMEOUT: Statement = {
  name: 'statement_timeout_of_session',
  text: `select current_setting('statement_timeout') as statement`,
};
const SELF: Statement = { name: 'self', text: 'select pg_backend_pid() as pid' };

const isSkipped = isPgbouncerMissing();

let server: TestDatabase;
let pgbouncer: Pgbouncer;
let pool: Pool;
let database: Database;

beforeAll(async () => {
  if (isSkipped) return;
  server = await createDatabase();
  // All share one session, so that whatever is left in it is seen.
  pgbouncer = await Pgbouncer.start(server.url, 1);
  const settings = { url: server.url, poolSize: 5, statementTimeoutMs: 5_000 };
  pool = openPool(settings);
  const url = pgbouncer.through(server.url);
  database = new Database(pool, Connections.throughPooler({ ...settings, url }));
});

afterAll(async () => {
  if (isSkipped) return;
  await database.close();
  await pool.end();
  await pgbouncer.stop();
  await server.drop();
});

test.skipIf(isSkipped)('a statement through the pooler has our settings, and so has a transaction', async () => {
  const ours = [
    {
      statement: '5s',
      lock: '500ms',
      zone: 'UTC',
      scans: 'off',
      pending: '1MB',
      dates: 'ISO, MDY',
      isolation: 'read committed',
    },
  ];
  expect(await database.run(SETTINGS, [])).toEqual(ours);
  expect(await database.transaction('100', async (runner) => await runner.run(SETTINGS, []))).toEqual(ours);
});

test.skipIf(isSkipped)('the time limit of one client is not left to another one, nor to other users', async () => {
  const [before] = await database.run<{ pid: number }>(SELF, []);
  const limited = async (client: string, limitMs: number) =>
    await database.transaction(client, async (runner) => await runner.run(TIMEOUT, []), limitMs);
  const [ofOne, ofOther] = await Promise.all([limited('100', 2_000), limited('101', 60_000)]);
  expect([ofOne, ofOther]).toEqual([[{ statement: '2s' }], [{ statement: '1min' }]]);
  expect(await database.run(TIMEOUT, [])).toEqual([{ statement: '5s' }]);
  await expect(database.run({ name: 'wrong', text: 'select 1 / 0' }, [])).rejects.toThrow('division by zero');

  const other = new pg.Client({ connectionString: pgbouncer.through(server.url) });
  await other.connect();
  try {
    const { rows } = await other.query(
      `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
        current_setting('idle_in_transaction_session_timeout') as idle, current_setting('enable_seqscan') as scans,
        pg_backend_pid() as pid, (select count(*)::int from pg_prepared_statements) as prepared`,
    );
    expect(rows).toEqual([{ statement: '0', lock: '0', idle: '0', scans: 'on', pid: before?.pid, prepared: 0 }]);
  } finally {
    await other.end();
  }
});

test.skipIf(isSkipped)('readiness needs the pooler as well as the database', async () => {
  const settings = { url: server.url, poolSize: 1, statementTimeoutMs: 5_000 };
  const pooler = await Pgbouncer.start(server.url, 1);
  const connections = Connections.throughPooler({ ...settings, url: pooler.through(server.url) });
  const background = new BackgroundDatabase(pool, new Database(pool, connections));
  try {
    expect(await background.isReady()).toBe(true);
    await pooler.stop();
    expect(await background.isReady()).toBe(false);
  } finally {
    await background.close();
  }
});

test.skipIf(isSkipped)('7.1 a session that ends behind the pooler is 503, and the next one serves', async () => {
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  try {
    const lost = database.transaction('100', async (runner) => {
      const [self] = await runner.run<{ pid: number }>(SELF, []);
      await admin.query('select pg_terminate_backend($1)', [self?.pid]);
      return await runner.run(SELF, []);
    });
    await expect(lost).rejects.toMatchObject({ code: 'errors.unavailable' });
    await expect.poll(async () => (await database.run(SELF, []).catch(() => [])).length).toBe(1);
  } finally {
    await admin.end();
  }
});
