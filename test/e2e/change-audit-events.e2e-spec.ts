import { afterAll, beforeAll, expect, test } from 'vitest';

import type { AuditEventRow } from '../../src/audit/audit-event.table.js';
import { Fixture } from '../support/fixture.js';
import { send } from '../support/http.js';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await Fixture.start();
});

afterAll(async () => await fixture.app.close());

const eventsOf = async (extId: string): Promise<AuditEventRow[]> =>
  await fixture.app.dataSource
    .getRepository<AuditEventRow>('audit_events')
    .find({ where: { extId }, order: { at: 'asc', id: 'asc' } });

/** SHA-256, as the resource shows it. */
const FINGERPRINT = /^(?:[\dA-F]{2}:){31}[\dA-F]{2}$/;

test('10.1 each change is in the audit log once, with version, actor, reason, comment and request id', async () => {
  const path = await fixture.register('told', { policyExtId: 'tolerant' });
  const helper = await fixture.app.token({
    sub: 'helper-9',
    client_ext_id: 'operators',
    data_room: { clients: ['100'] },
  });
  const change = async (body: object, requestId: string) =>
    await send(fixture.app, 'PATCH', path, { token: helper, body, headers: { 'X-Request-Id': requestId } });
  const replaced = await fixture.pem('told again', { notAfter: '2030-01-01T00:00:00Z' });
  fixture.app.clock.advance(1_000);
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
      address: '127.0.0.1',
      changes: { modificationComment: { to: 'first' } },
    },
    {
      ...common,
      action: 'changed',
      version: 3,
      reason: 'policy-check-failed',
      comment: 'first',
      requestId: 'request-2',
      changes: {
        certificate: {
          from: expect.stringMatching(FINGERPRINT) as string,
          to: expect.stringMatching(FINGERPRINT) as string,
        },
        validity: { to: { to: '2030-01-01T00:00:00Z' } },
        stateName: { from: 'active', to: 'disabled' },
        stateChangeReason: { from: 'initialized', to: 'policy-check-failed' },
        stateChangeDetail: { to: expect.any(String) as string },
      },
      after: { state: 'disabled', stateSetBy: 'policy' },
    },
    { ...common, version: 4, comment: null, requestId: 'request-5', after: { state: 'initial' } },
  ]);
  expect(written.map(({ at }) => at.toISOString().slice(11, 19))).toEqual([
    '12:00:00',
    '12:00:01',
    '12:00:01',
    '12:00:01',
  ]);
  expect(new Set(written.map(({ generation }) => generation)).size).toBe(1);
});

test('10.1 the DER is in the events that changed it, its digest in all', async () => {
  const path = await fixture.register('der');
  await fixture.patch(path, { modificationComment: 'x' });
  await fixture.patch(path, { certificate: await fixture.pem('der 2') });
  await fixture.patch(path, { modificationComment: 'y' });
  const entries = await eventsOf('der');
  expect(entries.map(({ der }) => der !== null)).toEqual([true, false, true, false]);
  const [first, second, third, fourth] = entries.map(({ sha256 }) => sha256?.toString('hex'));
  expect([first, third]).toEqual([second, fourth]);
  expect(first).not.toBe(third);
});

test('10.1 a deletion is an event, and the same extId begins a new history', async () => {
  const path = await fixture.register('again');
  const requestId = { 'X-Request-Id': 'deletion' };
  await send(fixture.app, 'DELETE', path, { token: fixture.token, headers: requestId });
  await fixture.register('again');
  await fixture.patch(path, { modificationComment: 'x' });
  const entries = await eventsOf('again');
  expect(entries.map(({ action, version }) => [action, version])).toEqual([
    ['created', 1],
    ['deleted', null],
    ['created', 1],
    ['changed', 2],
  ]);
  expect(entries[1]).toMatchObject({ requestId: 'deletion', actor: 'admin-1', userExtId: 'helper-7' });
  const [one, two, three, four] = entries.map(({ generation }) => generation);
  expect([one, three]).toEqual([two, four]);
  expect(one).not.toBe(three);
});

test('10.1 a refusal by the data room writes no event into the audit log of that client', async () => {
  await fixture.builders.client('200');
  await fixture.builders.user('200', 'helper-7');
  const stored = await fixture.stored();
  await send(fixture.app, 'PATCH', `${fixture.path('helper-7', '200')}/x`, { token: fixture.token, body: {} });
  expect(await fixture.stored()).toBe(stored);
});

test('10.1 a change is not made where its audit event cannot be written', async () => {
  const path = await fixture.register('together');
  const before = await fixture.read(path);
  await fixture.app.dataSource.query(
    `alter table audit_events add constraint no_more check (ext_id <> 'together' or comment is distinct from 'never')`,
  );
  const answer = await fixture.patch(path, { modificationComment: 'never' });
  await fixture.app.dataSource.query('alter table audit_events drop constraint no_more');
  expect([answer.status, answer.body.errors]).toMatchObject([500, [{ code: 'errors.fatalError' }]]);
  expect((await fixture.read(path)).body).toEqual(before.body);
  expect(await eventsOf('together')).toHaveLength(1);
});

test('7.1 a defect is 500 with a fixed text; the log has its cause without the input', async () => {
  const path = await fixture.register('defect');
  await fixture.app.dataSource.query(
    `alter table audit_events add constraint no_more check (comment is distinct from 'secret words')`,
  );
  const headers = { 'X-Request-Id': 'the-defect' };
  const answer = await fixture.patch(path, { modificationComment: 'secret words' }, headers);
  await fixture.app.dataSource.query('alter table audit_events drop constraint no_more');
  expect([answer.status, answer.body as unknown]).toEqual([
    500,
    {
      errors: [
        {
          code: 'errors.fatalError',
          message: 'An unexpected error occurred. The log contains the details under the request id.',
          requestId: 'the-defect',
        },
      ],
    },
  ]);
  const lines = fixture.app.log.filter((line) => line.includes('the-defect'));
  expect(lines.some((line) => line.includes('no_more'))).toBe(true);
  expect(fixture.app.log.filter((line) => line.includes('secret words'))).toEqual([]);
});
