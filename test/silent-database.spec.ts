import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Database, type Statement } from '../src/database/database.js';
import { openPool } from '../src/database/pool.js';
import { createDatabase, type TestDatabase } from './support/database.js';
import { TcpProxy } from './support/tcp-proxy.js';

const ONE: Statement = { name: 'one', text: 'select 1 as one' };

let server: TestDatabase;
let proxy: TcpProxy;
let pool: Pool;
let database: Database;

beforeAll(async () => {
  server = await createDatabase();
  proxy = await TcpProxy.to(server.url);
  const settings = { url: proxy.url, poolSize: 1, statementTimeoutMs: 1_000 };
  pool = openPool(settings);
  database = new Database(pool);
});

afterAll(async () => {
  await pool.end();
  await proxy.cut();
  await server.drop();
});

test.each([
  ['a statement', async () => await database.run(ONE, [])],
  ['a short read', async () => await database.run({ ...ONE, isShort: true }, [])],
  ['a transaction', async () => await database.transaction('', async (runner) => await runner.run(ONE, []))],
])('7.1 a database that stops answering is 503 for %s, and the next one is answered', async (_, ask) => {
  expect(await ask()).toEqual([{ one: 1 }]);
  proxy.stopForwarding();
  await expect(ask()).rejects.toMatchObject({ code: 'errors.unavailable', retryAfterSeconds: 5 });
  expect(await ask()).toEqual([{ one: 1 }]);
});

test('7.1 a statement over its time limit is 503, and a transaction with a longer limit finishes', async () => {
  const slow: Statement = { name: 'slow', text: 'select 1 as one from pg_sleep(2)' };
  await expect(database.run(slow, [])).rejects.toMatchObject({ code: 'errors.unavailable' });
  const patient = database.transaction('', async (runner) => await runner.run(slow, []), 10_000);
  expect(await patient).toEqual([{ one: 1 }]);
  await expect(database.run(slow, [])).rejects.toMatchObject({ code: 'errors.unavailable' });
});
