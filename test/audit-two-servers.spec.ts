import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { monthOf, readMonths } from '../src/audit/partitions.js';
import { SystemClock } from '../src/common/clock.js';
import { BackgroundDatabase } from '../src/database/database.js';
import { startApp, type TestApp } from './support/app.js';
import { variablesBeside } from './support/built-server.js';
import { withEarlierLog } from './support/earlier-audit-log.js';
import { poolOf } from './support/pool.js';
import { BuiltProgram } from './support/process.js';
import { SettingsFolder } from './support/settings-folder.js';

const LOG = { clients: 3, users: 2, versions: 490, others: 20 };
const EVENTS = LOG.clients * (LOG.users * LOG.versions + LOG.others);

/** A server looks for work a second after its start, and then every minute. */
const POLL = { timeout: 240_000 };

let app: TestApp;
let folder: SettingsFolder;
let variables: Readonly<Record<string, string>>;
const programs: BuiltProgram[] = [];

beforeAll(async () => {
  app = await startApp({}, async (url) => await withEarlierLog(url, LOG));
  folder = new SettingsFolder();
  variables = { ...variablesBeside(app, folder), PORT: '0', LOG_LEVEL: 'info' };
});

afterAll(async () => {
  for (const program of programs) program.signal('SIGKILL');
  await Promise.all(programs.map(async (program) => await program.exit()));
  folder.remove();
  await app.close();
});

async function startServer(): Promise<BuiltProgram> {
  const program = BuiltProgram.start('main.js', variables);
  programs.push(program);
  await program.says(/listens on/);
  return program;
}

async function value(text: string): Promise<unknown> {
  const [row] = await app.dataSource.query<[{ value: unknown }?]>(text);
  return row?.value;
}

const leader = async () => await value('select holder as value from leases');
const moved = async () => await value('select count(*)::integer as value from audit_events');
const oldTable = async () => await value(`select to_regclass('audit_events_unpartitioned')::text as value`);

test('10.1 of two servers one keeps the audit log; when it is killed, the other continues where it was', async () => {
  const blocker = new Client({ connectionString: (app.dataSource.options as { url: string }).url });
  // The database is dropped at the end, whether the test has ended this connection or not.
  blocker.on('error', () => undefined);
  await blocker.connect();
  await blocker.query(`begin; select 1 from audit_events_unpartitioned where client_ext_id = 'c2' for update`);
  const first = await startServer();
  await expect.poll(moved, POLL).toBe(2_000);
  const killed = await leader();
  await startServer();
  expect(await leader()).toBe(killed);

  first.signal('SIGKILL');
  await first.exit();
  const next = monthOf(new SystemClock().now(), 2);
  // What the killed server had locked is free once PostgreSQL has noticed that it is gone.
  const drop = async () =>
    await app.dataSource.query(`drop table ${next.table}`).then(
      () => true,
      () => false,
    );
  await expect.poll(drop, POLL).toBe(true);
  await blocker.end();
  await app.dataSource.query(`update leases set until = clock_timestamp() - interval '1 s'`);

  await expect.poll(oldTable, POLL).toBeNull();
  expect(await moved()).toBe(EVENTS);
  expect(await leader()).not.toBe(killed);
  const database = new BackgroundDatabase(poolOf(app.dataSource));
  expect(await readMonths(database)).toContainEqual(next);
  await database.close();
});
