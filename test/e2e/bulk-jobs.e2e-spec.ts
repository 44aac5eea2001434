/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { JobUpkeep } from '../../src/bulk/job-upkeep.js';
import { BulkFixture } from '../support/bulk-fixture.js';
import { CORE } from '../support/http.js';

let bulk: BulkFixture;

beforeAll(async () => {
  bulk = await BulkFixture.start();
});

afterAll(async () => await bulk.close());

describe('B1 17.2 one job at a time', () => {
  test('of two requests at once, one is 422 and leaves nothing', async () => {
    const { filter } = await bulk.someOf(2);
    const body = { action: 'disable', filter };
    const answers = await Promise.all([bulk.post(body), bulk.post(body)]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202, 422]));
    const refused = answers.find(({ status }) => status === 422);
    expect(refused?.body.errors).toMatchObject([{ code: 'errors.policyViolation' }]);
    expect((await bulk.post(body)).status).toBe(422);
    await bulk.work();
    expect((await bulk.post({ ...body, dryRun: true })).body).toMatchObject({ unchanged: 2 });
  });

  test('a stop is exact and can be repeated; the rest has no result and stays as it is', async () => {
    const { filter, ids, read } = await bulk.someOf(3);
    const id = await bulk.begin({ action: 'disable', filter });
    for (const _ of [1, 2]) expect((await bulk.request('DELETE', bulk.path(`/${id}`))).status).toBe(204);
    await bulk.work();
    expect(await bulk.read(id)).toMatchObject({ status: 'stopped', total: 3, changed: 0, ended: expect.any(String) });
    for (const extId of ids) expect(await read(extId)).toMatchObject({ stateName: 'active', version: 1 });
    expect((await bulk.results(id)).slice(0, 3).every((line) => !('result' in line))).toBe(true);
    const events = await bulk.events(id);
    expect(events).toMatchObject([
      { action: 'created' },
      { action: 'changed', changes: { status: { from: 'running', to: 'stopped' } } },
    ]);
    expect(events).toHaveLength(2);
  });

  test('3.2 while the rows of a job are selected, which takes long, the client is changed and its default policy too', async () => {
    const { filter } = await bulk.someOf(1);
    const busy = bulk.app.dataSource.createQueryRunner();
    await busy.startTransaction();
    await busy.query('lock table job_rows in share mode');
    const begun = bulk.post({ action: 'disable', filter });
    const waits = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    // Not in the transaction, in which PostgreSQL would go on to show what it showed at first.
    await expect.poll(async () => await bulk.app.dataSource.query(waits)).toHaveLength(1);
    const [client, policy] = await Promise.all([
      bulk.request('PATCH', `${CORE}/clients/100`, { body: { remarks: 'changed' } }),
      bulk.request('PATCH', `${CORE}/100/policies/tolerant`, { body: { defaultPolicy: true } }),
    ]);
    await busy.commitTransaction();
    await busy.release();
    expect([client.status, policy.status, (await begun).status]).toEqual([200, 200, 202]);
    await bulk.work();
  });

  test('jobs are listed, newest first, and paged', async () => {
    bulk.app.clock.advance(1000);
    const first = await bulk.run({ action: 'disable', filter: { keyType: 'a' } });
    bulk.app.clock.advance(1000);
    const second = await bulk.run({ action: 'enable', filter: { keyType: 'b' } });
    const page = await bulk.request('GET', `${bulk.path()}?limit=1&returnTotalResultCount=true`);
    expect(page.body.items).toEqual([second]);
    const { continuationToken, totalResult } = page.body['_pagination'];
    expect(totalResult).toBeGreaterThanOrEqual(2);
    const next = await bulk.request('GET', `${bulk.path()}?limit=1&continuationToken=${continuationToken}`);
    expect(next.body.items).toEqual([first]);
  });

  test('other clients are unaffected: the same extId there keeps its state', async () => {
    await bulk.fixture.builders.client('200');
    await bulk.fixture.builders.policy('200', 'default');
    const { user, first, filter } = await bulk.someOf(1);
    await bulk.fixture.builders.user('200', user);
    const body = { extId: first, certificate: await bulk.fixture.pem('of 200') };
    await bulk.request('POST', bulk.fixture.path(user, '200'), { body });
    await bulk.run({ action: 'disable', filter });
    const there = await bulk.request('GET', `${bulk.fixture.path(user, '200')}/${first}`);
    expect(there.body).toMatchObject({ stateName: 'active', version: 1 });
  });
});

describe('B1 17.2 what is kept', () => {
  test('a job for 30 days after its end, then neither it nor its rows', async () => {
    const { filter } = await bulk.someOf(2);
    const job = await bulk.run({ action: 'disable', filter });
    await bulk.release();
    bulk.app.clock.advance(30 * 86_400_000 - 1000);
    await bulk.app.get(JobUpkeep).run();
    expect((await bulk.request('GET', bulk.path(`/${job.id}`))).status).toBe(200);
    bulk.app.clock.advance(2000);
    await bulk.app.get(JobUpkeep).run();
    expect((await bulk.request('GET', bulk.path(`/${job.id}`))).status).toBe(404);
    expect(
      await bulk.app.dataSource.query('select count(*)::integer as count from job_rows where job_id = $1', [job.id]),
    ).toEqual([{ count: 0 }]);
    await bulk.hold();
  });

  test('the deletion of a client ends its job and removes it', async () => {
    await bulk.fixture.builders.client('400');
    await bulk.fixture.builders.policy('400', 'default');
    const { filter } = await bulk.someOf(2, '400');
    const answer = await bulk.request('POST', bulk.path('', '400'), { body: { action: 'disable', filter } });
    expect(answer.body).toMatchObject({ total: 2, status: 'running' });
    expect((await bulk.request('DELETE', '/nevisidm/api/core/v1/clients/400')).status).toBe(204);
    await bulk.work();
    const left = `select (select count(*)::integer from jobs where client_ext_id = '400') as jobs,
      (select count(*)::integer from job_rows where client_ext_id = '400') as rows`;
    expect(await bulk.app.dataSource.query(left)).toEqual([{ jobs: 0, rows: 0 }]);
    const body = { action: 'disable', filter };
    expect((await bulk.request('POST', bulk.path('', '400'), { body })).status).toBe(404);
  });
});
