import { afterAll, beforeAll, expect, test } from 'vitest';

import { type AuditLogQuery, listEvents } from '../../src/audit/audit-log.queries.js';
import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';

const FIRST = Date.parse('2026-06-01T00:00:00Z');
const EVENTS = 20_000;
const MIDDLE = new Date(FIRST + (EVENTS / 2) * 1000);
const ALL: AuditLogQuery = {
  page: { limit: 20, after: undefined, countTotal: false },
  order: 'asc',
  actor: undefined,
  action: undefined,
  kind: undefined,
  userExtId: undefined,
  extId: undefined,
  from: undefined,
  to: undefined,
};

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
  await new Builders(app.dataSource).client('100');
  await app.dataSource.query(
    `insert into audit_events (client_ext_id, id, at, actor, actor_client, action, kind, ext_id, generation, request_id)
      select '100', gen_random_uuid(), to_timestamp($1::float8 / 1000 + n), 'a', '100', 'changed', 'client', '100',
        gen_random_uuid(), 'r' from generate_series(1, $2::integer) as n`,
    [FIRST, EVENTS],
  );
  await app.dataSource.query('vacuum analyze audit_events');
});

afterAll(async () => await app.close());

/** How many pages of 8 KiB the database looks at. */
async function blocksOf(query: AuditLogQuery): Promise<number> {
  const { statement, values } = listEvents('100', query);
  const [row] = (await app.dataSource.query(`explain (analyze, buffers, format json) ${statement.text}`, [
    ...values,
  ])) as [{ 'QUERY PLAN': [{ Plan: Readonly<Record<string, number>> }] }];
  const { Plan: plan } = row['QUERY PLAN'][0];
  return (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
}

test.each<[string, Partial<AuditLogQuery>]>([
  ['from, oldest first', { from: MIDDLE }],
  ['from and to, oldest first', { from: MIDDLE, to: new Date(MIDDLE.getTime() + 3_600_000) }],
  ['to, newest first', { to: MIDDLE, order: 'desc' }],
  ['from and to, newest first', { from: new Date(FIRST), to: MIDDLE, order: 'desc' }],
])('8.3 a page that begins in the middle of the audit log costs as much as the first: %s', async (_, query) => {
  const first = await blocksOf(ALL);
  expect(await blocksOf({ ...ALL, ...query })).toBeLessThanOrEqual(2 * first);
});

test('8.2 a later page continues behind the former one within from and to', async () => {
  const after = { created: MIDDLE.getTime() + 5_000, extId: '00000000-0000-4000-8000-000000000000' };
  const page = { ...ALL.page, after };
  const timesOf = async (query: Partial<AuditLogQuery>): Promise<readonly number[]> => {
    const { statement, values } = listEvents('100', { ...ALL, ...query, page });
    const rows = await app.dataSource.query<{ at: Date }[]>(statement.text, [...values]);
    return rows.map(({ at }) => (at.getTime() - MIDDLE.getTime()) / 1000);
  };
  expect((await timesOf({ from: MIDDLE })).slice(-1)).toEqual([25]);
  expect((await timesOf({ from: new Date(MIDDLE.getTime() + 9_000) }))[0]).toBe(9);
  expect((await timesOf({ to: MIDDLE, order: 'desc' }))[0]).toBe(-1);
});
