import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { BulkJobRunner } from '../src/bulk/bulk-job-runner.js';
import type { RowAction } from '../src/bulk/row-action.js';
import { Clock } from '../src/common/clock.js';
import { LOGGER } from '../src/common/logger.token.js';
import { LeaderWork } from '../src/database/leader-work.js';
import { Leader } from '../src/database/leader.js';
import { Metrics } from '../src/http/metrics.js';
import { startApp, type TestApp } from './support/app.js';
import { Builders } from './support/builders.js';

/** `CERTKEEP_HOSTILE_ROWS=100000` for the whole size. */
const HOSTILE_ROWS = Number(process.env['CERTKEEP_HOSTILE_ROWS'] ?? 5_000);

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
  const builders = new Builders(app.dataSource);
  for (const client of ['hostile', 'other']) await builders.client(client);
});

afterAll(async () => await app.close());

/** A running job with rows that name nothing. */
async function insertJob(clientExtId: string, rows: number): Promise<string> {
  const id = randomUUID();
  await app.dataSource.query(
    `insert into jobs (client_ext_id, id, kind, status, parameters, actor, actor_client, permissions, data_room, request_id,
        total, changed, unchanged, refused, gone, created, last_loaded)
      values ($1, $2, 'disable', 'running', '{}', 'a', $1, '[]', '"all"', 'r', $3, 0, 0, 0, 0, now(), now())`,
    [clientExtId, id, rows],
  );
  await app.dataSource.query(
    `insert into job_rows (client_ext_id, job_id, position) select $1, $2, n from generate_series(1, $3::integer) n`,
    [clientExtId, id, rows],
  );
  return id;
}

const runnerWith = (action: Pick<RowAction, 'prepare' | 'apply'>) =>
  new BulkJobRunner(
    app.get(LeaderWork),
    app.get(Leader),
    app.get(Clock),
    app.get(Metrics),
    [{ kinds: ['disable'], transactionsAtOnce: 1, rowsTogether: 1, ...action }],
    app.get(LOGGER as never),
  );

const stop = async (id: string) =>
  await app.dataSource.query(`update jobs set status = 'stopped', ended = now() where id = $1`, [id]);

test('17.2 a client with very many rows does not delay the job of another one', async () => {
  const hostile = await insertJob('hostile', HOSTILE_ROWS);
  const other = await insertJob('other', 20);
  const order: string[] = [];
  await runnerWith({
    prepare: () => Promise.resolve(undefined),
    apply: async ({ job }) => {
      order.push(job.clientExtId);
      if (order.length === 250) await stop(hostile);
      return { result: 'unchanged' };
    },
  }).run();
  expect(order.filter((client) => client === 'other')).toHaveLength(20);
  // They have the connection in turn, row by row.
  expect(order.lastIndexOf('other')).toBeLessThan(200);
  expect(await app.dataSource.query('select status, unchanged from jobs where id = $1', [other])).toEqual([
    { status: 'completed', unchanged: 20 },
  ]);
});

test('17.2 rows that take long do not delay the job of another client', async () => {
  const hostile = await insertJob('hostile', 10);
  const other = await insertJob('other', 20);
  const otherIsDone = Promise.withResolvers<void>();
  let done = 0;
  await runnerWith({
    // The first source of the hostile client answers only after the other job has been done.
    prepare: async ({ job }) => (job.id === hostile ? await otherIsDone.promise : undefined),
    apply: async ({ job }) => {
      if (job.id === other && (done += 1) === 20) otherIsDone.resolve();
      return await Promise.resolve({ result: 'unchanged' });
    },
  }).run();
  const statuses = 'select id, status, unchanged from jobs where id = any($1) order by total';
  expect(await app.dataSource.query(statuses, [[hostile, other]])).toEqual([
    { id: hostile, status: 'completed', unchanged: 10 },
    { id: other, status: 'completed', unchanged: 20 },
  ]);
});

test('17.2 a row that fails by a defect is refused, and the others go on', async () => {
  const id = await insertJob('other', 3);
  await runnerWith({
    prepare: () => Promise.resolve(undefined),
    apply: async ({ row }) => {
      if (row.position === 2) throw new TypeError('a defect');
      return await Promise.resolve({ result: 'unchanged' });
    },
  }).run();
  expect(await app.dataSource.query('select result from job_rows where job_id = $1 order by position', [id])).toEqual([
    { result: 'unchanged' },
    { result: 'refused' },
    { result: 'unchanged' },
  ]);
  expect(app.log.some((line) => line.includes('a row of a job could not be changed'))).toBe(true);
});

test('17.2 a row that another server has changed meanwhile is rolled back, and a stopped job changes nothing more', async () => {
  const id = await insertJob('other', 3);
  const changes: number[] = [];
  await runnerWith({
    prepare: async ({ row }) => {
      if (row.position === 2) await stop(id);
      return undefined;
    },
    apply: async ({ row }, _, transaction) => {
      changes.push(row.position);
      await transaction.run({ name: 'mark_client', text: 'update clients set remarks = $2 where ext_id = $1' }, [
        'other',
        `row ${row.position}`,
      ]);
      return { result: 'changed' };
    },
  }).run();
  expect(changes).toEqual([1, 2]);
  expect(await app.dataSource.query(`select remarks from clients where ext_id = 'other'`)).toEqual([
    { remarks: 'row 1' },
  ]);
});
