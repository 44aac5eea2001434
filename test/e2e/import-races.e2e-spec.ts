import { afterAll, beforeAll, expect, test } from 'vitest';

import { BulkJobRunner } from '../../src/bulk/bulk-job-runner.js';
import { CORE, send } from '../support/http.js';
import { ImportFixture, linesOf, resultsOf } from '../support/import-fixture.js';

const USERS = 60;

let app: ImportFixture;

beforeAll(async () => {
  app = await ImportFixture.start({ requireVersion: true });
  await app.fixture.builders.client('200');
  await app.fixture.builders.policy('200', 'default');
});

afterAll(async () => await app.close());

test('3.6, 17.4 an import needs no version, and finds the current one', async () => {
  const line = { userExtId: 'versioned', remarks: 'a', certificate: await app.fixture.pem('Versioned') };
  const lines = [line, { userExtId: 'another', remarks: 'a' }];
  expect(resultsOf(await app.importLines(lines))).toEqual(['1 changed', '2 changed']);
  const disabled = [
    { ...line, remarks: 'b', stateName: 'disabled' },
    { userExtId: 'another', remarks: 'b' },
  ];
  expect(resultsOf(await app.importLines(disabled))).toEqual(['1 changed', '2 changed']);
  expect((await app.read('/users/versioned')).body).toMatchObject({ remarks: 'b', version: 2 });
  const path = `${CORE}/100/users/versioned`;
  const patched = await send(app.fixture.app, 'PATCH', path, { token: await app.token(), body: { remarks: 'c' } });
  expect(patched.status).toBe(428);
});

test('17.4 the users and certificates of another client are left alone', async () => {
  const pem = await app.fixture.pem('Shared');
  const line = { userExtId: 'shared', loginId: 'shared', certificate: pem, certificateExtId: 'shared' };
  const other = { userExtId: 'other', remarks: 'x' };
  expect(resultsOf(await app.importLines([line, other], { client: '200' }))).toEqual(['1 changed', '2 changed']);
  const disabled = { ...line, remarks: 'mine', stateName: 'disabled' };
  expect(resultsOf(await app.importLines([disabled, { userExtId: 'other', certificateExtId: 'shared' }]))).toEqual([
    '1 changed',
    '2 refused, errors.noRecord userExtId, errors.duplicateValue certificateExtId',
  ]);
  expect((await app.read('/users/shared', '200')).body).not.toHaveProperty('remarks');
  expect((await app.read('/users/shared/certificates/shared', '200')).body).toMatchObject({ stateName: 'active' });
  expect((await app.read('/users/shared/certificates/shared')).body).toMatchObject({ stateName: 'disabled' });
});

test('3.2, 17.4 imports of two clients and single changes of the same users lose nothing', async () => {
  const numbers = Array.from({ length: USERS }, (_, index) => index);
  const pems = await Promise.all(numbers.map(async (number) => await app.fixture.pem(`Raced ${number}`)));
  const file = (remarks: string, order: readonly number[]) =>
    linesOf(order.map((number) => ({ userExtId: `raced-${number}`, remarks, certificate: pems[number] })));
  const begin = async (body: string, client: string): Promise<void> => {
    expect((await app.post(body, { client })).status).toBe(202);
  };
  for (const client of ['100', '200']) await begin(file('first', numbers), client);
  await app.fixture.app.get(BulkJobRunner).run();
  await begin(file('second', numbers), '100');
  await begin(file('second', numbers.toReversed()), '200');
  const ended = new AbortController();
  const running = app.fixture.app
    .get(BulkJobRunner)
    .run()
    .then(() => ended.abort());
  const accepted = new Map<string, number>();
  const patchAll = async (client: string, order: readonly number[]): Promise<void> => {
    for (let round = 0; round < 1 || !ended.signal.aborted; round += 1) {
      for (const number of order) {
        const path = `${CORE}/${client}/users/raced-${number}`;
        const headers = { 'If-Match': '*' };
        const body = { modificationComment: `${round}` };
        const answer = await send(app.fixture.app, 'PATCH', path, { token: await app.token(), body, headers });
        expect(answer.status).toBe(200);
        const key = `${client} raced-${number}`;
        accepted.set(key, (accepted.get(key) ?? 0) + 1);
      }
    }
  };
  await Promise.all([
    patchAll('100', numbers),
    patchAll('200', numbers),
    patchAll('100', numbers.toReversed()),
    running,
  ]);
  const users = await app.fixture.app.dataSource.query<
    { client: string; id: string; version: number; remarks: string; events: number; versions: number }[]
  >(
    `select u.client_ext_id as client, u.ext_id as id, u.version, u.remarks, count(*)::integer as events,
        count(distinct e.version)::integer as versions
      from users u join audit_events e on e.client_ext_id = u.client_ext_id and e.ext_id = u.ext_id and e.kind = 'user'
        and e.action in ('created', 'changed')
      where u.ext_id like 'raced-%' group by u.client_ext_id, u.ext_id`,
  );
  expect(users).toHaveLength(2 * USERS);
  for (const { version, remarks, events, versions } of users) {
    // Each version has been made once, and has its event.
    expect([remarks, events, versions]).toEqual(['second', version, version]);
    expect(version).toBeGreaterThan(2);
  }
  expect(accepted.size).toBe(2 * USERS);
  const results = `select result, count(*)::integer as count from job_rows r join jobs j on j.id = r.job_id
    where r.user_ext_id like 'raced-%' group by result`;
  expect(await app.fixture.app.dataSource.query(results)).toEqual([{ result: 'changed', count: 4 * USERS }]);
});
