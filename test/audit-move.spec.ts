import { afterAll, beforeAll, expect, test } from 'vitest';

import { startApp, type TestApp } from './support/app.js';
import { Builders } from './support/builders.js';
import { type EarlierLog, generationOf, withEarlierLog } from './support/earlier-audit-log.js';
import { CORE, send } from './support/http.js';
import { beside, isBeingMoved, moveWithInterruptions } from './support/moved-events.js';

/** `npm run test:audit-move` sets more. */
const EVENTS = Number(process.env['CERTKEEP_MOVED_EVENTS'] ?? 3_000);

const CLIENTS = 4;
const USERS = EVENTS > 10_000 ? 50 : 5;
const LOG: EarlierLog = {
  clients: CLIENTS,
  users: USERS,
  versions: Math.floor((EVENTS * 0.8) / CLIENTS / USERS),
  others: Math.floor((EVENTS * 0.2) / CLIENTS),
};
const OF_A_CLIENT = LOG.users * LOG.versions + LOG.others;

interface Event {
  readonly id: string;
  readonly at: string;
  readonly action: string;
  readonly version?: number;
  readonly changes?: object;
}

let app: TestApp;
let token: string;
let patches = 0;

beforeAll(async () => {
  app = await startApp({}, async (url) => await withEarlierLog(url, LOG));
  token = await app.token({ data_room: { clients: ['*'] } });
  const builders = new Builders(app.dataSource);
  for (let client = 0; client < CLIENTS; client += 1) {
    await builders.client(`c${client}`);
    await builders.policy(`c${client}`, 'default');
    for (let user = 0; user < USERS; user += 1) {
      await builders.user(`c${client}`, `u${user}`, { generation: generationOf(client, user), version: LOG.versions });
    }
  }
}, EVENTS + 300_000);

const errors = (): readonly string[] => app.log.filter((line) => /"level":(?:"error"|50)/.test(line));

afterAll(async () => await app.close());

async function one<Row>(text: string): Promise<Row> {
  const [row] = await app.dataSource.query<[Row]>(text);
  return row;
}

async function expectAll(): Promise<void> {
  const { count } = await one<{ count: number }>(
    `select count(*)::integer as count from audit_log where at < '2026-06-01'`,
  );
  expect(count).toBe(CLIENTS * OF_A_CLIENT);
}

/** All pages. */
async function read(path: string, query = ''): Promise<readonly Event[]> {
  const events: Event[] = [];
  for (let continuation = ''; ;) {
    const answer = await send(app, 'GET', `${CORE}${path}?limit=1000${query}${continuation}`, { token });
    expect([answer.status, errors()]).toEqual([200, []]);
    const { items, _pagination: page } = answer.body as {
      items: Event[];
      _pagination: { continuationToken?: string; totalResult?: number };
    };
    events.push(...items);
    if (page.continuationToken === undefined) return events;
    continuation = `&continuationToken=${encodeURIComponent(page.continuationToken)}`;
  }
}

/** What is changed meanwhile comes in addition, at a later time. */
async function readLog(client: number, order: 'asc' | 'desc'): Promise<void> {
  const events = await read(`/c${client}/audit-events`, `&order=${order}`);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect(events.filter(({ at }) => at < '2026-06-01')).toHaveLength(OF_A_CLIENT);
  const times = events.map(({ at }) => at);
  expect(times).toEqual(order === 'asc' ? times.toSorted() : times.toSorted().toReversed());
}

async function readTotal(client: number): Promise<void> {
  const path = `${CORE}/c${client}/audit-events?limit=1&to=2026-06-01T00:00:00Z&returnTotalResultCount=true`;
  const answer = await send(app, 'GET', path, { token });
  // Counting many events while they are moved may exceed the budget of a search, or the time limit of a statement.
  if (EVENTS > 10_000 && (answer.status === 422 || answer.status === 503)) return;
  expect(answer.body).toMatchObject({ _pagination: { totalResult: OF_A_CLIENT } });
}

async function readHistory(client: number, user: number): Promise<void> {
  const versions = (await read(`/c${client}/users/u${user}/history`)).map(({ version }) => version);
  const [newest = 0] = versions;
  expect(newest).toBeGreaterThanOrEqual(LOG.versions);
  expect(versions).toEqual(Array.from({ length: newest }, (_, index) => newest - index));
}

async function change(client: number, user: number): Promise<void> {
  patches += 1;
  const body = { remarks: `change ${patches}` };
  const answer = await send(app, 'PATCH', `${CORE}/c${client}/users/u${user}`, { token, body });
  expect([answer.status, errors()]).toEqual([200, []]);
}

test(
  `10.1 ${EVENTS} events of an earlier schema are moved beside writers and readers, with interruptions, each seen once`,
  { timeout: 300_000 + 5 * EVENTS },
  async () => {
    expect(await isBeingMoved(app)).toBe(true);
    let interruptions = 0;
    const move = moveWithInterruptions(app, expectAll).then((count) => void (interruptions = count));
    await beside(move, [
      async (number) => await change(number % CLIENTS, number % USERS),
      async (number) => await change((number + 1) % CLIENTS, 0),
      async (number) => await readLog(number % CLIENTS, number % 2 === 0 ? 'asc' : 'desc'),
      async (number) => await readHistory(number % CLIENTS, number % USERS),
      async (number) => await readTotal(number % CLIENTS),
    ]);
    expect(interruptions).toBeGreaterThan(3);
    expect(patches).toBeGreaterThan(0);

    expect(await isBeingMoved(app)).toBe(false);
    const { view } = await one<{ view: string }>(`select pg_get_viewdef('audit_log') as view`);
    expect(view).not.toMatch(/union|to_move/i);
    expect(await one(`select count(*)::integer as count from audit_events`)).toEqual({
      count: CLIENTS * OF_A_CLIENT + patches,
    });
    expect(await one(`select count(*)::integer as count from audit_events_default`)).toEqual({ count: 0 });
    for (let client = 0; client < CLIENTS; client += 1) {
      await readLog(client, 'desc');
      await readHistory(client, 0);
    }
  },
);

test('10.3 an event that was written before values were kept names the changed members without values', async () => {
  const history = await read('/c0/users/u0/history');
  expect(history.at(-1)).toMatchObject({ action: 'created', version: 1 });
  expect(history.at(-1)?.changes).toEqual({ remarks: {}, name: {} });
  const others = await read('/c0/audit-events', '&kind=certificate');
  expect(others).toHaveLength(LOG.others);
  for (const { action, changes } of others) {
    expect(changes).toEqual(action === 'refused' ? { stateName: {} } : undefined);
  }
});
