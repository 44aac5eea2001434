import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';

import pg, { type Pool, type PoolClient } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Database, type Statement } from '../src/database/database.js';
import { openPool } from '../src/database/pool.js';
import { rowsOf, streamOf } from '../src/database/sending.js';
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

/** Does not return before something has arrived that the process has not read. */
function blockUntilArrived(localPort: number): void {
  const port = localPort.toString(16).toUpperCase().padStart(4, '0');
  const waiting = new RegExp(`^ *\\d+: [0-9A-F]+:${port} .* [0-9A-F]{8}:(?!00000000)[0-9A-F]{8} `, 'm');
  while (!['tcp', 'tcp6'].some((family) => waiting.test(readFileSync(`/proc/net/${family}`, 'latin1'))));
}

test.runIf(process.platform === 'linux')(
  'an answer that arrived during a long turn of the event loop counts, although the time for it is over',
  async () => {
    // Not through the proxy, which is in this process.
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const connection = client as unknown as PoolClient;
    const { localPort } = streamOf(connection) as Socket;
    // Timers come next. The limit is two seconds more than what is passed.
    await setImmediate();
    const rows = rowsOf(connection, { text: 'select 1 as one from pg_sleep(0.01)' }, -1_999);
    blockUntilArrived(localPort as number);
    expect(await rows).toEqual([{ one: 1 }]);
    await client.end();
  },
);
