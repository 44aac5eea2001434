import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { listEvents } from '../../src/audit/audit-log.queries.js';
import { readAuditLogQuery } from '../../src/clients/audit-log-query.js';
import { startApp, START_OF_TIME, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { type Answer, CORE, codesOf, send } from '../support/http.js';
import { issueCertificate } from '../support/pki.js';

interface Event {
  readonly id: string;
  readonly action: string;
  readonly kind: string;
  readonly extId: string;
  readonly version?: number;
}

let app: TestApp;
let token: string;
let client: string;
let clients = 0;

beforeAll(async () => {
  app = await startApp();
});

afterAll(async () => await app.close());

beforeEach(async () => {
  clients += 1;
  client = `c-${clients}`;
  app.clock.set(START_OF_TIME);
  token = await app.token({ data_room: { clients: ['*'] } });
  await request('POST', '/clients', { extId: client, name: client }, 'founder');
});

/** Each change is a second after the previous one. */
async function request(method: string, path: string, body?: object, sub = 'admin-1'): Promise<Answer> {
  const as = sub === 'admin-1' ? token : await app.token({ data_room: { clients: ['*'] }, sub });
  const answer = await send(app, method, CORE + path, { token: as, ...(body === undefined ? {} : { body }) });
  if (method !== 'GET') app.clock.advance(1000);
  return answer;
}

const auditLog = async (query = ''): Promise<Answer> => await request('GET', `/${client}/audit-events${query}`);
const eventsOf = (answer: Answer): Event[] => (answer.body as { items: Event[] }).items;
const shown = (answer: Answer): string[] =>
  eventsOf(answer).map(({ action, kind, extId, version }) => [action, kind, extId, version].join(' ').trim());

/** A user with a certificate that is created, changed and deleted, beside the client and its default policies. */
async function changeTwiceAndDelete(): Promise<void> {
  await new Builders(app.dataSource).user(client, 'u-1');
  const { pem } = await issueCertificate({ subject: `CN=${client}` });
  await request('POST', `/${client}/users/u-1/certificates`, { extId: 'cert', certificate: pem }, 'helper-7');
  await request('PATCH', `/${client}/users/u-1/certificates/cert`, { stateName: 'disabled' });
  await request('DELETE', `/${client}/users/u-1/certificates/cert`);
}

const EVENTS = ['created certificate cert 1', 'changed certificate cert 2', 'deleted certificate cert'];

test('10.2 the audit log has the events of the client in the order of time', async () => {
  await changeTwiceAndDelete();
  const answer = await auditLog('?returnTotalResultCount=true');
  expect(answer.body).toMatchObject({ _pagination: { limit: 100, totalResult: 6 }, _classifications: {} });
  expect(shown(answer).slice(0, 3).toSorted()).toEqual([
    expect.stringMatching(/^created client/),
    expect.stringMatching(/^created policy/),
    expect.stringMatching(/^created policy/),
  ]);
  expect(shown(answer).slice(3)).toEqual(EVENTS);
});

test.each<[string, string[]]>([
  ['actor=helper-7', EVENTS.slice(0, 1)],
  ['action=deleted', EVENTS.slice(2)],
  ['userExtId=u-1', EVENTS],
  ['extId=cert', EVENTS],
  ['extId=cert&action=changed', EVENTS.slice(1, 2)],
  ['extId=cert&actor=nobody', []],
  ['from=2026-06-01T12:00:02Z', EVENTS.slice(1)],
  ['to=2026-06-01T12:00:02Z&userExtId=u-1', EVENTS.slice(0, 1)],
  ['from=2026-06-01T12:00:02Z&to=2026-06-01T12:00:03Z', EVENTS.slice(1, 2)],
])('10.2 filtered by %s', async (filter, expected) => {
  await changeTwiceAndDelete();
  const answer = await auditLog(`?${filter}&returnTotalResultCount=true`);
  expect(shown(answer)).toEqual(expected);
  expect(answer.body).toMatchObject({ _pagination: { totalResult: expected.length } });
});

test.each(['', '&extId=cert'])('8.2 the pages have every event once%s', async (filter) => {
  await changeTwiceAndDelete();
  const whole = shown(await auditLog(`?limit=1000${filter}`));
  const seen: string[] = [];
  let query: string | undefined = `?limit=2${filter}`;
  while (query !== undefined) {
    const answer = await auditLog(query);
    seen.push(...shown(answer));
    const { continuationToken } = (answer.body as { _pagination: { continuationToken?: string } })['_pagination'];
    query = continuationToken === undefined ? undefined : `?limit=2${filter}&continuationToken=${continuationToken}`;
  }
  expect(seen).toEqual(whole);
});

test.each(['action=painted', 'from=now', 'to=2026-02-31T00:00:00Z', 'extId=a$b', 'continuationToken=1_x', 'actors=x'])(
  '8.3 %s is 422',
  async (filter) => {
    const answer = await auditLog(`?${filter}`);
    expect([answer.status, codesOf(answer)]).toEqual([422, ['errors.invalidData']]);
  },
);

test('10.1 the audit log of a deleted client can be read; an unknown client is 404', async () => {
  await changeTwiceAndDelete();
  expect((await request('DELETE', `/clients/${client}`)).status).toBe(204);
  const answer = await auditLog('?action=deleted');
  expect(shown(answer)).toContain(`deleted client ${client}`);
  expect((await request('GET', '/never-was/audit-events')).status).toBe(404);
});

test('10.2 a client without events has an empty audit log', async () => {
  const quiet = `${client}-quiet`;
  await new Builders(app.dataSource).client(quiet);
  const answer = await request('GET', `/${quiet}/audit-events`);
  expect([answer.status, eventsOf(answer)]).toEqual([200, []]);
});

const eventsAs = async (claims: object): Promise<Answer> =>
  await send(app, 'GET', `${CORE}/${client}/audit-events`, { token: await app.token({ roles: undefined, ...claims }) });

test('4.3 the audit log needs HistoryView and the data room, and is not open to self-admins', async () => {
  const permissions = ['AccessControl.HistoryView'];
  const rooms = { data_room: { clients: [client] } };
  expect((await eventsAs({ permissions, ...rooms })).status).toBe(200);
  expect(codesOf(await eventsAs({ permissions }))).toEqual(['errors.dataroomDenied']);
  expect(codesOf(await eventsAs({ roles: ['nevisIdm.UserAdmin'], ...rooms }))).toEqual(['errors.permissionDenied']);
  expect(codesOf(await eventsAs({ roles: ['nevisIdm.SelfAdmin'], client_ext_id: client }))).toEqual([
    'errors.permissionDenied',
  ]);
});

test('8.2 the audit log is read in the order of an index', async () => {
  await changeTwiceAndDelete();
  await app.dataSource
    .query(`insert into audit_events (client_ext_id, id, at, actor, actor_client, action, kind, ext_id, user_ext_id,
      request_id)
    select 'plans', gen_random_uuid(), now() + n * interval '1 ms', 'a' || n % 500, 'x', 'changed', 'user', 'e' || n,
      'u' || n, 'r'
    from generate_series(1, 20000) n`);
  const connection = app.dataSource.createQueryRunner();
  await connection.query('analyze audit_events');
  for (const mode of ['force_custom_plan', 'force_generic_plan']) {
    await connection.query(`set plan_cache_mode = ${mode}`);
    for (const [query, index] of [
      ['', 'default_pkey'],
      ['?order=desc', 'default_pkey'],
      ['?continuationToken=1790000000000_00000000-0000-7000-8000-000000000000', 'default_pkey'],
      ['?extId=e7', '_ext_id_at_idx'],
      ['?userExtId=u7&order=desc', '_user_ext_id_at_idx'],
      ['?actor=a7', '_actor_at_id_idx'],
    ]) {
      const { statement, values } = listEvents('plans', readAuditLogQuery({ originalUrl: `/${query}` } as never));
      const plan = (await connection.query(`explain ${statement.text}`, [...values])) as { 'QUERY PLAN': string }[];
      const text = plan.map((row) => row['QUERY PLAN']).join('\n');
      expect(text, mode).toContain(index);
      expect(text, mode).not.toContain('Seq Scan');
      expect(text, mode).not.toMatch(/-> +Sort +\(cost/);
    }
  }
  await connection.query('reset plan_cache_mode');
  await connection.release();
});

test('8.3 a filter without an index is 422 after two seconds', async () => {
  const runner = app.dataSource.createQueryRunner();
  await runner.query('begin');
  await runner.query('lock table audit_events in access exclusive mode');
  const limited = await auditLog('?action=deleted');
  await runner.query('rollback');
  await runner.release();
  expect([limited.status, codesOf(limited)]).toEqual([422, ['errors.tooManySearchResults']]);
});

test.each([
  ['kind=policy', ['created policy default-1 1']],
  ['kind=certificate&order=desc', EVENTS.toReversed()],
  ['extId=cert&order=desc&limit=2', EVENTS.toReversed().slice(0, 2)],
])('10.2 %s', async (filter, expected) => {
  await changeTwiceAndDelete();
  const found = shown(await auditLog(`?${filter}`));
  if (filter === 'kind=policy') expect(found.map((event) => event.split(' ')[1])).toEqual(['policy', 'policy']);
  else expect(found).toEqual(expected);
});

test('10.2, 8.1 newest first comes in pages, each event once, in the opposite order of oldest first', async () => {
  await changeTwiceAndDelete();
  const oldestFirst = eventsOf(await auditLog('?limit=1000')).map(({ id }) => id);
  const seen: unknown[] = [];
  let query: string | undefined = '?order=desc&limit=2';
  while (query !== undefined) {
    const answer = await auditLog(query);
    seen.push(...eventsOf(answer).map(({ id }) => id));
    const { _pagination: page } = answer.body as unknown as { _pagination: { continuationToken?: string } };
    const { continuationToken } = page;
    query = continuationToken === undefined ? undefined : `?order=desc&limit=2&continuationToken=${continuationToken}`;
  }
  expect(seen).toEqual(oldestFirst.toReversed());
});

test.each(['order=newest', 'kind=trustAnchor', 'kind='])('10.2 fail/%s', async (filter) => {
  const answer = await auditLog(`?${filter}`);
  expect([answer.status, codesOf(answer)]).toEqual([422, ['errors.invalidData']]);
});
