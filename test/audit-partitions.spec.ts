import { afterEach, beforeEach, expect, test } from 'vitest';

import { AuditLogUpkeep } from '../src/audit/audit-log-upkeep.js';
import { createPartition, monthOf } from '../src/audit/partitions.js';
import { BackgroundDatabase } from '../src/database/database.js';
import { startApp, type TestApp } from './support/app.js';
import { CORE, send } from './support/http.js';

let app: TestApp;

beforeEach(async () => {
  app = await startApp();
});

afterEach(async () => await app.close());

async function partitions(): Promise<Record<string, number>> {
  const rows: { name: string; count: number }[] = await app.dataSource.query(
    `select tableoid::regclass::text as name, count(*)::integer as count from audit_events group by 1 order by 1`,
  );
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

const names = async (): Promise<string[]> =>
  (
    await app.dataSource.query<{ name: string }[]>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit_events'::regclass order by 1`,
    )
  ).map(({ name }) => name);

const everywhere = async (): Promise<string> =>
  await app.token({ roles: ['nevisIdm.Root'], data_room: { clients: ['*'] } });

async function createClient(extId: string): Promise<void> {
  const answer = await send(app, 'POST', `${CORE}/clients`, {
    token: await everywhere(),
    body: { extId, name: extId },
  });
  expect(answer.status).toBe(201);
}

test.each([
  ['2026-06-15T12:00:00Z', 0, 'audit_events_2026_06', '2026-06-01T00:00:00.000Z', '2026-07-01T00:00:00.000Z'],
  ['2026-12-31T23:59:59.999Z', 0, 'audit_events_2026_12', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ['2026-12-01T00:00:00Z', 1, 'audit_events_2027_01', '2027-01-01T00:00:00.000Z', '2027-02-01T00:00:00.000Z'],
])('the month of %s and %i', (instant, offset, table, from, to) => {
  const month = monthOf(new Date(instant), offset);
  expect([month.table, month.from.toISOString(), month.to.toISOString()]).toEqual([table, from, to]);
});

test('10.1 partitions are made for this month and the next three, and once', async () => {
  for (let run = 0; run < 2; run += 1) {
    await app.scheduler.runAll();
    expect(await names()).toEqual([
      'audit_events_2026_06',
      'audit_events_2026_07',
      'audit_events_2026_08',
      'audit_events_2026_09',
      'audit_events_default',
    ]);
  }
});

test('10.1 a server that is slow to start makes partitions twice at once, and each is made once', async () => {
  const upkeep = app.get(AuditLogUpkeep);
  await Promise.all([upkeep.prepare(), upkeep.run()]);
  expect(await names()).toHaveLength(5);
  const made = app.log.filter((line) => line.includes('a partition of the audit log was made'));
  expect(made).toHaveLength(4);
  expect(app.log.filter((line) => line.includes('could not be kept'))).toEqual([]);
});

test('10.1 a month has an index of its certificates, so that retention reads no other events', async () => {
  await app.scheduler.runAll();
  const [index] = await app.dataSource.query<{ definition: string }[]>(
    `select pg_get_indexdef('audit_events_2026_07_certificates'::regclass) as definition`,
  );
  expect(index?.definition).toMatch(/ on .*audit_events_2026_07 .*where \(der is not null\)$/i);
});

test('10.1 an event of a month without a partition is written, and moved into one that is made for it', async () => {
  await createClient('one');
  expect(Object.keys(await partitions())).toEqual(['audit_events_default']);
  await app.scheduler.runAll();
  expect(await partitions()).toEqual({ audit_events_2026_06: 3 });
  app.clock.set('2030-02-28T12:00:00Z');
  await createClient('two');
  expect(await partitions()).toEqual({ audit_events_2026_06: 3, audit_events_default: 3 });
  await app.scheduler.runAll();
  expect(await partitions()).toEqual({ audit_events_2026_06: 3, audit_events_2030_02: 3 });
  const answer = await send(app, 'GET', `${CORE}/two/audit-events`, { token: await everywhere() });
  expect((answer.body as unknown as { items: object[] }).items).toHaveLength(3);
});

test('3.4 a change that waits while a partition is made for its month is repeated, and written into it', async () => {
  let change: Promise<void> | undefined;
  await app.get(BackgroundDatabase).transaction('', async (runner) => {
    await createPartition(runner, monthOf(app.clock.now()));
    change = createClient('one');
    await expect
      .poll(
        async () =>
          await app.dataSource.query(
            `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          ),
      )
      .toHaveLength(1);
  });
  await change;
  expect(await partitions()).toEqual({ audit_events_2026_06: 3 });
});

test('10.1 a month whose name is taken by nobody is left in the default partition where years have five digits', async () => {
  await app.dataSource.query(
    `insert into audit_events (client_ext_id, id, at, actor, actor_client, action, kind, ext_id, request_id)
     values ('x', gen_random_uuid(), '12000-01-01', 'a', 'x', 'changed', 'user', 'e', 'r')`,
  );
  await app.scheduler.runAll();
  expect(await partitions()).toEqual({ audit_events_default: 1 });
});
