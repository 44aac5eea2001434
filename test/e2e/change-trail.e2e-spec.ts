import { afterAll, beforeAll, expect, test } from 'vitest';

import type { AuditEventRow } from '../../src/audit/audit-event.table.js';
import { send } from '../support/http.js';
import { World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.start();
});

afterAll(async () => await world.app.close());

const eventsOf = async (extId: string): Promise<AuditEventRow[]> =>
  await world.app.dataSource
    .getRepository<AuditEventRow>('trail')
    .find({ where: { extId }, order: { at: 'asc', id: 'asc' } });

test('10.1 each change stands in the trail once, with version, actor, reason, comment and request id', async () => {
  const path = await world.register('told', { policyExtId: 'tolerant' });
  const helper = await world.app.token({
    sub: 'helper-9',
    client_ext_id: 'operators',
    data_room: { clients: ['100'] },
  });
  const change = async (body: object, requestId: string) =>
    await send(world.app, 'PATCH', path, { token: helper, body, headers: { 'X-Request-Id': requestId } });
  const replaced = await world.pem('told again', { notAfter: '2030-01-01T00:00:00Z' });
  world.app.clock.advance(1_000);
  await change({ modificationComment: 'first' }, 'request-1');
  await change({ certificate: replaced, version: 2 }, 'request-2');
  await change({}, 'request-3');
  await change({ version: 1 }, 'request-4');
  await change({ stateName: 'initial', modificationComment: null }, 'request-5');

  const written = (await eventsOf('told')).filter(({ version }) => version !== null);
  const common = { kind: 'certificate', extId: 'told', userExtId: 'helper-7', clientExtId: '100', code: null };
  expect(written).toMatchObject([
    { ...common, action: 'created', version: 1, actor: 'admin-1', actorClient: '100', reason: 'initialized' },
    {
      ...common,
      action: 'changed',
      version: 2,
      actor: 'helper-9',
      actorClient: 'operators',
      reason: 'initialized',
      comment: 'first',
      requestId: 'request-1',
      changed: ['modificationComment'],
    },
    {
      ...common,
      action: 'changed',
      version: 3,
      reason: 'policy-check-failed',
      comment: 'first',
      requestId: 'request-2',
      changed: ['certificate', 'validity', 'stateName', 'stateChangeReason', 'stateChangeDetail'],
      after: { state: 'disabled', stateSetBy: 'policy', comment: 'first' },
    },
    { ...common, version: 4, comment: null, requestId: 'request-5', after: { state: 'initial' } },
  ]);
  expect(written.map(({ at }) => at.toISOString().slice(11, 19))).toEqual([
    '12:00:00',
    '12:00:01',
    '12:00:01',
    '12:00:01',
  ]);
  expect(new Set(written.map(({ incarnation }) => incarnation)).size).toBe(1);
});

test('10.1 the DER stands where it changed, its digest everywhere', async () => {
  const path = await world.register('der');
  await world.patch(path, { modificationComment: 'x' });
  await world.patch(path, { certificate: await world.pem('der 2') });
  await world.patch(path, { modificationComment: 'y' });
  const entries = await eventsOf('der');
  expect(entries.map(({ der }) => der !== null)).toEqual([true, false, true, false]);
  const [first, second, third, fourth] = entries.map(({ sha256 }) => sha256?.toString('hex'));
  expect([first, third]).toEqual([second, fourth]);
  expect(first).not.toBe(third);
});

test('10.1 a deletion is an event, and the same extId begins a new history', async () => {
  const path = await world.register('again');
  const requestId = { 'X-Request-Id': 'deletion' };
  await send(world.app, 'DELETE', path, { token: world.token, headers: requestId });
  await world.register('again');
  await world.patch(path, { modificationComment: 'x' });
  const entries = await eventsOf('again');
  expect(entries.map(({ action, version }) => [action, version])).toEqual([
    ['created', 1],
    ['deleted', null],
    ['created', 1],
    ['changed', 2],
  ]);
  expect(entries[1]).toMatchObject({ requestId: 'deletion', actor: 'admin-1', userExtId: 'helper-7' });
  const [one, two, three, four] = entries.map(({ incarnation }) => incarnation);
  expect([one, three]).toEqual([two, four]);
  expect(one).not.toBe(three);
});

test('10.1 a refusal for the data room writes nothing into the trail of that client', async () => {
  await world.builders.client('200');
  await world.builders.user('200', 'helper-7');
  const stored = await world.stored();
  await send(world.app, 'PATCH', `${world.path('helper-7', '200')}/x`, { token: world.token, body: {} });
  expect(await world.stored()).toBe(stored);
});

test('10.1 a change and its line of the trail are one: where the line cannot be written nothing changes', async () => {
  const path = await world.register('together');
  const before = await world.read(path);
  await world.app.dataSource.query(
    `alter table trail add constraint no_more check (ext_id <> 'together' or comment is distinct from 'never')`,
  );
  const answer = await world.patch(path, { modificationComment: 'never' });
  await world.app.dataSource.query('alter table trail drop constraint no_more');
  expect([answer.status, answer.body.errors]).toMatchObject([500, [{ code: 'errors.fatalError' }]]);
  expect((await world.read(path)).body).toEqual(before.body);
  expect(await eventsOf('together')).toHaveLength(1);
});

test('7.1 a defect is 500 with a fixed text; what it is stands in the log, without what was sent', async () => {
  const path = await world.register('defect');
  await world.app.dataSource.query(
    `alter table trail add constraint no_more check (comment is distinct from 'secret words')`,
  );
  const headers = { 'X-Request-Id': 'the-defect' };
  const answer = await world.patch(path, { modificationComment: 'secret words' }, headers);
  await world.app.dataSource.query('alter table trail drop constraint no_more');
  expect([answer.status, answer.body as unknown]).toEqual([
    500,
    {
      errors: [
        {
          code: 'errors.fatalError',
          message: 'The server met an unexpected condition. The request id finds it in the log.',
          requestId: 'the-defect',
        },
      ],
    },
  ]);
  const lines = world.app.log.filter((line) => line.includes('the-defect'));
  expect(lines.some((line) => line.includes('no_more'))).toBe(true);
  expect(world.app.log.filter((line) => line.includes('secret words'))).toEqual([]);
});
