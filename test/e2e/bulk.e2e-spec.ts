/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { BulkFixture } from '../support/bulk-fixture.js';
import { refusalOf } from '../support/http.js';

let bulk: BulkFixture;

beforeAll(async () => {
  bulk = await BulkFixture.start();
});

afterAll(async () => await bulk.close());

/** All that it registers are selected by `userExtId`. */
let users = 0;
async function someOf(count: number, members: Readonly<Record<string, unknown>> = {}) {
  users += 1;
  const user = `owner-${users}`;
  await bulk.fixture.builders.user('100', user);
  const ids = Array.from({ length: count }, (_, index) => `${user}-c${index + 1}`);
  for (const id of ids) await bulk.fixture.register(id, members, user);
  const path = (id: string) => `${bulk.fixture.path(user)}/${id}`;
  const read = async (id: string) => (await bulk.fixture.read(path(id))).body;
  return { user, ids, path, read, filter: { userExtId: user }, first: ids[0] ?? '' };
}

describe('B1 17.1 what a job does', () => {
  test('disables the certificates that a filter selects, each with an event of its own', async () => {
    const { first, filter, read } = await someOf(2);
    const other = await someOf(1);
    const answer = await bulk.post({ action: 'disable', filter, parameters: { modificationComment: 'compromised' } });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe(bulk.path(`/${answer.body.id}`));
    expect(answer.body).toEqual({
      id: expect.any(String),
      action: 'disable',
      status: 'running',
      parameters: { filter, modificationComment: 'compromised' },
      actor: 'admin-1',
      total: 2,
      changed: 0,
      unchanged: 0,
      refused: 0,
      gone: 0,
      created: expect.any(String),
    });
    await bulk.work();
    const ended = {
      status: 'completed',
      total: 2,
      changed: 2,
      ended: expect.any(String),
      undoUntil: expect.any(String),
    };
    expect(await bulk.read(answer.body.id)).toMatchObject(ended);
    const disabled = { stateName: 'disabled', stateChangeReason: 'changed-by-batchjob', version: 2 };
    expect(await read(first)).toMatchObject({ ...disabled, modificationComment: 'compromised' });
    expect(await other.read(other.first)).toMatchObject({ stateName: 'active', version: 1 });
    const [, changed] = await bulk.events(first);
    const event = { action: 'changed', kind: 'certificate', version: 2, actor: 'admin-1', comment: 'compromised' };
    expect(changed).toMatchObject({ ...event, reason: 'changed-by-batchjob' });
    expect(await bulk.events(answer.body.id)).toMatchObject([
      { kind: 'job', action: 'created', version: null, changes: { action: { to: 'disable' }, total: { to: 2 } } },
      {
        kind: 'job',
        action: 'changed',
        version: null,
        changes: { status: { from: 'running', to: 'completed' }, changed: { to: 2 }, refused: { to: 0 } },
      },
    ]);
  });

  test('enables by ids; what is active is unchanged, what is archived is refused', async () => {
    const { ids, filter, read, path } = await someOf(3);
    const [first = '', second = '', third = ''] = ids;
    await bulk.fixture.patch(path(first), { stateName: 'disabled' });
    await bulk.app.dataSource.query(`update credentials set state = 'archived' where ext_id = $1`, [third]);
    const job = await bulk.run({ action: 'enable', ids: [third, second, first, first] });
    expect(job).toMatchObject({ total: 3, changed: 1, unchanged: 1, refused: 1, gone: 0, parameters: { ids: 4 } });
    expect(await read(first)).toMatchObject({ stateName: 'active', stateChangeReason: 'changed-by-batchjob' });
    expect(await read(second)).toMatchObject({ version: 1 });
    const lines = await bulk.results(job.id);
    expect(lines.map(({ extId, result }) => [extId, result])).toEqual([
      [first, 'changed'],
      [second, 'unchanged'],
      [third, 'refused'],
      [undefined, undefined],
    ]);
    expect(lines[2].errors).toEqual([
      { code: 'errors.recordDeleted', message: expect.any(String), requestId: expect.any(String) },
    ]);
    expect(lines[3]).toEqual(job);
    expect(filter).toBeDefined();
  });

  test('an unlocked credential says unlock, one that was initial says activated', async () => {
    const { ids, filter, read, path } = await someOf(2);
    const [locked = '', initial = ''] = ids;
    await bulk.fixture.patch(path(locked), { stateName: 'fail-locked' });
    await bulk.fixture.patch(path(initial), { stateName: 'initial' });
    await bulk.run({ action: 'enable', filter });
    expect((await read(locked)).stateChangeReason).toBe('unlock');
    expect((await read(initial)).stateChangeReason).toBe('activated');
  });

  test('moves to a policy by evaluating an upload: strict refuses, tolerant disables, a good one is enabled', async () => {
    const { first, filter, read } = await someOf(1, {
      certificate: await bulk.fixture.pem('long', { notAfter: '2028-12-01T00:00:00Z' }),
    });
    const strict = await bulk.run({ action: 'move', filter, parameters: { policyExtId: 'strict' } });
    expect(strict).toMatchObject({ changed: 0, refused: 1 });
    const [line] = await bulk.results(strict.id);
    expect(line.errors[0]).toMatchObject({ code: 'errors.certificatePolicyViolated', rule: 'maxValidityDays' });
    expect(await read(first)).toMatchObject({ policyExtId: 'default', version: 1 });
    await bulk.run({ action: 'move', filter, parameters: { policyExtId: 'tolerant' } });
    expect(await read(first)).toMatchObject({
      policyExtId: 'tolerant',
      stateName: 'disabled',
      stateChangeReason: 'policy-check-failed',
      version: 2,
    });
    await bulk.run({ action: 'move', filter, parameters: { policyExtId: 'default', modificationComment: 'back' } });
    expect(await read(first)).toMatchObject({
      policyExtId: 'default',
      stateName: 'active',
      stateChangeReason: 'changed-by-batchjob',
      modificationComment: 'back',
      version: 3,
    });
    const same = await bulk.run({ action: 'move', filter, parameters: { policyExtId: 'default' } });
    expect(same).toMatchObject({ unchanged: 1 });
    const events = await bulk.events(first);
    expect(events.at(-1)).toMatchObject({ changes: { policyExtId: { from: 'tolerant', to: 'default' } } });
  });

  test('deletes, with an event of its own; it cannot be undone', async () => {
    const { first, filter, path } = await someOf(1);
    const job = await bulk.run({ action: 'delete', filter });
    expect(job).toMatchObject({ changed: 1 });
    expect(job).not.toHaveProperty('undoUntil');
    expect((await bulk.fixture.read(path(first))).status).toBe(404);
    expect((await bulk.events(first)).at(-1)).toMatchObject({ action: 'deleted', actor: 'admin-1' });
    const refused = await bulk.request('POST', bulk.path(`/${job.id}/undo`));
    expect(refusalOf(refused)).toEqual([422, ['errors.invalidData']]);
  });

  test('a dry run writes nothing, and says the count, the first and what would be refused', async () => {
    const { ids, filter, path, read } = await someOf(3);
    await bulk.fixture.patch(path(ids[0] ?? ''), { stateName: 'disabled' });
    await bulk.app.dataSource.query(`update credentials set state = 'archived' where ext_id = $1`, [ids[2]]);
    const before = await bulk.fixture.stored();
    const answer = await bulk.post({ action: 'disable', filter, dryRun: true });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ count: 3, unchanged: 1, refused: { count: 1, first: [{ extId: ids[2] }] } });
    expect(answer.body.certificates[1]).toEqual(await read(ids[1] ?? ''));
    expect(answer.body.refused.first[0].errors[0]).toMatchObject({ code: 'errors.recordDeleted' });
    expect(await bulk.fixture.stored()).toBe(before);
    expect((await bulk.app.dataSource.query(`select 1 from jobs where status = 'running'`)) as unknown[]).toEqual([]);
    const job = await bulk.run({ action: 'disable', filter });
    expect(job).toMatchObject({ total: 3, changed: 1, unchanged: 1, refused: 1 });
  });

  test('a dry run of more certificates than are selected at once evaluates each once', async () => {
    const { first, user, filter } = await someOf(1);
    const count = 5_002;
    await bulk.app.dataSource.query(
      `insert into credentials (client_ext_id, ext_id, generation, user_ext_id, policy_ext_id, type, state, state_set_by,
          reason, valid_from, valid_to, der, sha256, sha1, successes, failures, failures_since_lock, version, created,
          last_modified)
        select client_ext_id, 'dry-' || lpad(n::text, 5, '0'), gen_random_uuid(), user_ext_id, policy_ext_id, type,
          case when n = 5001 then 'archived' else 'disabled' end, state_set_by, reason, valid_from, valid_to, der,
          sha256(n::text::bytea), substring(sha256(n::text::bytea), 1, 20), 0, 0, 0, 1, created, last_modified
        from credentials, generate_series(2, $2::integer) n where ext_id = $1`,
      [first, count],
    );
    const { body } = await bulk.post({ action: 'disable', filter, dryRun: true });
    expect(body).toMatchObject({ count, unchanged: count - 2, refused: { count: 1, first: [{ extId: 'dry-05001' }] } });
    expect(body.certificates).toHaveLength(100);
    expect(body.certificates[0].extId).toBe('dry-00002');
    await bulk.app.dataSource.query(`delete from credentials where user_ext_id = $1`, [user]);
  });

  test('the dry run of a move refuses and accepts what the job does', async () => {
    const { filter } = await someOf(1, {
      certificate: await bulk.fixture.pem('longer', { notAfter: '2028-12-01T00:00:00Z' }),
    });
    const move = { action: 'move', filter, parameters: { policyExtId: 'strict' } };
    const dryRun = await bulk.post({ ...move, dryRun: true });
    expect(dryRun.body.refused.first[0].errors[0]).toMatchObject({ rule: 'maxValidityDays' });
    expect(await bulk.run(move)).toMatchObject({ refused: 1 });
  });

  test('the selection is frozen: what is registered or enabled afterwards is not part of it', async () => {
    const { user, filter, ids, path, read } = await someOf(2);
    const id = await bulk.begin({ action: 'disable', filter: { ...filter, stateName: 'active' } });
    await bulk.fixture.register('late', {}, user);
    await bulk.fixture.patch(path(ids[0] ?? ''), { modificationComment: 'meanwhile' });
    await bulk.work();
    expect(await bulk.read(id)).toMatchObject({ total: 2, changed: 2 });
    expect(await read('late')).toMatchObject({ stateName: 'active' });
    expect(await read(ids[0] ?? '')).toMatchObject({ stateName: 'disabled', modificationComment: 'meanwhile' });
  });
});

describe('B1 17.1 rows that have changed under the job', () => {
  test('a replaced certificate is refused, a deleted one is gone, also if its extId is used again', async () => {
    const { user, filter, ids, path, read } = await someOf(3);
    const [replaced = '', deleted = '', again = ''] = ids;
    const id = await bulk.begin({ action: 'disable', filter });
    await bulk.fixture.patch(path(replaced), { certificate: await bulk.fixture.pem('new') });
    for (const extId of [deleted, again]) await bulk.request('DELETE', path(extId));
    await bulk.fixture.register(again, {}, user);
    await bulk.work();
    expect(await bulk.read(id)).toMatchObject({ status: 'completed', changed: 0, refused: 1, gone: 2 });
    const lines = await bulk.results(id);
    expect(lines.map(({ result, errors }) => [result, errors?.[0].code])).toEqual([
      ['refused', 'errors.optimisticLockingFailure'],
      ['gone', 'errors.noRecord'],
      ['gone', 'errors.noRecord'],
      [undefined, undefined],
    ]);
    expect(await read(replaced)).toMatchObject({ stateName: 'active', version: 2 });
    expect(await read(again)).toMatchObject({ stateName: 'active', version: 1 });
  });

  test('a policy that is changed under the job decides as it is then', async () => {
    await bulk.fixture.builders.policy('100', 'changing', { certificateUploadCheck: 'strict', maxValidityDays: '397' });
    const { filter } = await someOf(1, {
      certificate: await bulk.fixture.pem('changing', { notAfter: '2028-12-01T00:00:00Z' }),
    });
    const id = await bulk.begin({ action: 'move', filter, parameters: { policyExtId: 'changing' } });
    const policy = '/nevisidm/api/core/v1/100/policies/changing';
    const changed = await bulk.request('PATCH', policy, { body: { parameters: { maxValidityDays: '1200' } } });
    expect(changed.status).toBe(200);
    await bulk.work();
    expect(await bulk.read(id)).toMatchObject({ changed: 1, refused: 0 });
    const other = await someOf(1, {
      certificate: await bulk.fixture.pem('changed', { notAfter: '2028-12-01T00:00:00Z' }),
    });
    const refused = await bulk.begin({ action: 'move', filter: other.filter, parameters: { policyExtId: 'changing' } });
    await bulk.request('PATCH', policy, { body: { parameters: { maxValidityDays: '100' } } });
    await bulk.work();
    expect(await bulk.read(refused)).toMatchObject({ changed: 0, refused: 1 });
  });

  test('a lock, a state or a policy that somebody sets under the job stays, and the row is changed on top of it', async () => {
    const { filter, ids, path, read } = await someOf(3);
    const [locked = '', state = '', moved = ''] = ids;
    const id = await bulk.begin({ action: 'disable', filter });
    expect((await bulk.fixture.patch(path(locked), { stateName: 'fail-locked' })).status).toBe(200);
    expect((await bulk.fixture.patch(path(state), { stateName: 'disabled' })).status).toBe(200);
    await bulk.app.dataSource.query(
      `update credentials set policy_ext_id = 'tolerant', version = version + 1 where ext_id = $1`,
      [moved],
    );
    await bulk.work();
    expect(await bulk.read(id)).toMatchObject({ changed: 2, unchanged: 1, refused: 0 });
    expect(await read(locked)).toMatchObject({ stateName: 'disabled', version: 3 });
    expect(await read(state)).toMatchObject({ stateChangeReason: 'changed-by-admin', version: 2 });
    expect(await read(moved)).toMatchObject({ stateName: 'disabled', policyExtId: 'tolerant', version: 3 });
  });

  test('a user that is archived under the job refuses, and a policy that is deleted refuses', async () => {
    await bulk.fixture.builders.policy('100', 'short-lived');
    const { user, filter } = await someOf(1);
    const id = await bulk.begin({ action: 'move', filter, parameters: { policyExtId: 'short-lived' } });
    await bulk.request('DELETE', '/nevisidm/api/core/v1/100/policies/short-lived');
    await bulk.work();
    const [line] = await bulk.results(id);
    expect(line).toMatchObject({ result: 'refused', errors: [{ code: 'errors.invalidData', field: 'policyExtId' }] });
    const disabling = await bulk.begin({ action: 'disable', filter });
    await bulk.app.dataSource.query(`update users set state = 'archived', version = version + 1 where ext_id = $1`, [
      user,
    ]);
    await bulk.work();
    expect((await bulk.results(disabling))[0]).toMatchObject({ errors: [{ code: 'errors.recordDeleted' }] });
  });
});
