import pg from 'pg';
import { expect, test } from 'vitest';

import { Database } from '../src/database/database.js';
import { startEmbeddedPostgres } from '../src/database/embedded-postgres.js';
import { openPool } from '../src/database/pool.js';
import { temporaryDataDirectory } from './support/process.js';

test('7.1 a commit that no standby has confirmed is 503, in a statement and in a transaction', async () => {
  // A server of its own, because the setting is the whole server's.
  const directory = await temporaryDataDirectory();
  const options = { dataDirectory: directory.path, durable: true, announce: () => undefined };
  const server = await startEmbeddedPostgres(options);
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query('create table numbers (number integer)');
  const settings = { url: server.url, poolSize: 2, statementTimeoutMs: 25_000 };
  const pool = openPool(settings);
  const database = new Database(pool);
  try {
    await admin.query(`alter system set synchronous_standby_names = 'missing'`);
    await admin.query('select pg_reload_conf()');
    await expect
      .poll(async () => (await admin.query('show synchronous_standby_names')).rows)
      .toEqual([{ synchronous_standby_names: 'missing' }]);
    const insert = { name: 'insert_number', text: 'insert into numbers values (1)' };
    for (const commit of [
      async () => await database.run(insert, []),
      async () => await database.transaction('', async (runner) => await runner.run(insert, [])),
    ]) {
      const reported = expect(commit()).rejects.toMatchObject({ code: 'errors.unavailable' });
      await expect
        .poll(async () => {
          const waiting = `from pg_stat_activity where wait_event = 'SyncRep'`;
          return (await admin.query(`select pg_cancel_backend(pid) ${waiting}`)).rowCount;
        })
        .toBe(1);
      await reported;
    }
    // The next statement has another connection.
    expect(await database.run({ name: 'one', text: 'select 1 as one' }, [])).toEqual([{ one: 1 }]);
  } finally {
    await pool.end();
    await admin.end();
    await server.stop();
    await directory.remove();
  }
});
