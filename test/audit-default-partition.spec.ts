import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { AuditLogUpkeep } from '../src/audit/audit-log-upkeep.js';
import { AuditRetention } from '../src/audit/retention.js';
import { Leader } from '../src/database/leader.js';
import { startApp, type TestApp } from './support/app.js';
import { Builders } from './support/builders.js';
import { CORE, send } from './support/http.js';
import { beside, isBeingMoved, moveWithInterruptions } from './support/moved-events.js';

/** More than the 4 MiB above which a default partition is large. */
const EVENTS = 6_000;

/** Of March and of the present month, which both have no partition. */
const WRITE = `insert into audit_events (client_ext_id, id, at, actor, actor_client, action, kind, ext_id, comment, request_id)
  select 'c0', gen_random_uuid(), case n % 2 when 0 then timestamptz '2026-03-10Z' else timestamptz '2026-06-01Z' end
      + n * interval '1 s', 'a', 'c0', 'refused', 'user', 'other', repeat(md5(n::text), 30), 'r'
  from generate_series(1, $1::integer) n`;

let app: TestApp;
let token: string;

beforeEach(async () => {
  app = await startApp({ audit: { retentionDays: 30, exportDirectory: undefined } });
  token = await app.token({ data_room: { clients: ['*'] } });
  const builders = new Builders(app.dataSource);
  await builders.client('c0');
  await builders.user('c0', 'u0');
  await app.dataSource.query(WRITE, [EVENTS]);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await app.close();
});

const upkeep = async (): Promise<void> => await app.get(AuditLogUpkeep).run();
const errors = (): readonly string[] => app.log.filter((line) => line.includes('"level":"error"'));

async function counts(table: string): Promise<Record<string, number>> {
  const rows: { month: string; count: number }[] = await app.dataSource.query(
    `select to_char(at, 'MM') as month, count(*)::integer as count from ${table} where ext_id = 'other' group by 1`,
  );
  return Object.fromEntries(rows.map(({ month, count }) => [month, count]));
}

/** The default partition is set aside, the partitions of this month and the next are made, and nothing else happens. */
async function setAside(): Promise<void> {
  await app.get(AuditLogUpkeep).prepare();
  expect([await isBeingMoved(app), await counts('audit_events'), errors()]).toEqual([true, {}, []]);
}

const expectAll = async (): Promise<void> => {
  await app.get(AuditRetention).run();
  expect(await counts('audit_log')).toEqual({ '03': EVENTS / 2, '06': EVENTS / 2 });
};

async function read(): Promise<void> {
  const ids: string[] = [];
  for (let continuation = ''; ;) {
    const query = `limit=1000&extId=other&from=2026-06-01T00:00:00Z${continuation}`;
    const answer = await send(app, 'GET', `${CORE}/c0/audit-events?${query}`, { token });
    expect(answer.status).toBe(200);
    const { items, _pagination: page } = answer.body as unknown as {
      items: { id: string }[];
      _pagination: { continuationToken?: string };
    };
    ids.push(...items.map(({ id }) => id));
    if (page.continuationToken === undefined) break;
    continuation = `&continuationToken=${encodeURIComponent(page.continuationToken)}`;
  }
  expect([ids.length, new Set(ids).size]).toEqual([EVENTS / 2, EVENTS / 2]);
}

async function change(number: number): Promise<void> {
  const answer = await send(app, 'PATCH', `${CORE}/c0/users/u0`, { token, body: { remarks: `change ${number}` } });
  expect(answer.status).toBe(200);
}

test('10.1 a large default partition is moved beside writers and readers, with interruptions; retention waits for it', async () => {
  await setAside();
  let interruptions = 0;
  const move = moveWithInterruptions(app, async () => {
    if (await isBeingMoved(app)) await expectAll();
  });
  await beside(
    move.then((count) => void (interruptions = count)),
    [change, read],
  );
  expect([interruptions > 3, errors()]).toEqual([true, []]);
  const { view } = (await app.dataSource.query(`select pg_get_viewdef('audit_log') as view`))[0] as { view: string };
  expect(view).not.toMatch(/union|to_move/i);
  await upkeep();
  expect(await counts('audit_log')).toEqual({ '06': EVENTS / 2 });
  expect(await counts('audit_events_default')).toEqual({});
});

test('10.1 a default partition that has grown large during a move is set aside after it', async () => {
  await setAside();
  await app.dataSource.query(WRITE.replaceAll('2026-03', '2029-03').replaceAll('2026-06', '2029-06'), [EVENTS]);
  await upkeep();
  expect(await isBeingMoved(app)).toBe(false);
  expect(await counts('audit_events_2029_03')).toEqual({ '03': EVENTS / 2 });
  expect(await counts('audit_events_2029_06')).toEqual({ '06': EVENTS / 2 });
  expect([await counts('audit_events_default'), errors()]).toEqual([{}, []]);
});

test('10.1 a server that ends stops moving events after the batch, and the next one continues', async () => {
  await setAside();
  const leader = app.get(Leader);
  const transaction = leader.transaction.bind(leader);
  let isEnding = false;
  vi.spyOn(leader, 'transaction').mockImplementation(async (...args: Parameters<typeof transaction>) => {
    expect(isEnding).toBe(false);
    const result = await transaction(...args);
    if (Object.keys(await counts('audit_events')).length > 0) {
      isEnding = true;
      await app.get(AuditLogUpkeep).onModuleDestroy();
    }
    return result;
  });
  await app.scheduler.works
    .at(0)?.()
    .catch(() => undefined);
  for (const work of app.scheduler.works) await work();
  vi.restoreAllMocks();
  expect([isEnding, await isBeingMoved(app), errors()]).toEqual([true, true, []]);
  await upkeep();
  expect([await isBeingMoved(app), await counts('audit_events')]).toEqual([false, { '06': EVENTS / 2 }]);
});
