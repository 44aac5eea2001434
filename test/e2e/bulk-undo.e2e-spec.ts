/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { Database } from '../../src/database/database.js';
import { afterRead } from '../support/after-read.js';
import { BulkFixture } from '../support/bulk-fixture.js';
import { refusalOf } from '../support/http.js';

let bulk: BulkFixture;

beforeAll(async () => {
  bulk = await BulkFixture.start();
});

afterAll(async () => await bulk.close());

/** Changes that are to differ after an undo: the version, and when it was made. */
const withoutVersion = ({ version, lastModified, ...members }: Record<string, unknown>) => {
  expect([version, lastModified]).not.toContain(undefined);
  return members;
};

describe('B1 17.3 undo', () => {
  /** The test of the whole size: CERTKEEP_UNDONE=10000. */
  const COUNT = Number(process.env['CERTKEEP_UNDONE'] ?? 40);

  test('brings back all members but version and times', { timeout: 300_000 + COUNT * 120 }, async () => {
    const { user, ids, filter, path } = await bulk.someOf(4);
    const [locked = '', initial = '', replaced = '', byPolicy = ''] = ids;
    await bulk.request('PATCH', path(locked), { body: { stateName: 'fail-locked' } });
    await bulk.app.dataSource.query(
      `update credentials set failures = 5, failures_since_lock = 2, last_failure = created where ext_id = $1`,
      [locked],
    );
    await bulk.request('PATCH', path(initial), { body: { stateName: 'initial', modificationComment: 'new' } });
    await bulk.app.dataSource.query(
      `update credentials set replaced_by = 'newer', disabled_on = '2027-01-01T00:00:00.500Z' where ext_id = $1`,
      [replaced],
    );
    await bulk.app.dataSource.query(
      `update credentials set state = 'disabled', state_set_by = 'policy', reason = 'policy-check-failed', detail = 'x'
        where ext_id = $1`,
      [byPolicy],
    );
    await bulk.app.dataSource.query(
      `insert into credentials (client_ext_id, ext_id, generation, user_ext_id, policy_ext_id, type, state, state_set_by,
          reason, valid_from, valid_to, der, sha256, sha1, successes, failures, failures_since_lock, version, created,
          last_modified)
        select client_ext_id, 'many-' || n, gen_random_uuid(), user_ext_id, policy_ext_id, type, 'active', state_set_by,
          reason, valid_from, valid_to, der, sha256(n::text::bytea), substring(sha256(n::text::bytea), 1, 20), n, 0, 0, 1,
          created, last_modified
        from credentials, generate_series(1, $2::integer) n where ext_id = $1`,
      [initial, COUNT - 4],
    );
    const stored = async () =>
      (await bulk.app.dataSource.query<Record<string, unknown>[]>(
        `select (to_jsonb(c) - 'version' - 'last_modified')::text as members from credentials c
          where user_ext_id = $1 order by ext_id`,
        [user],
      )) as unknown;
    for (const [action, parameters] of [
      ['enable', { modificationComment: 'a' }],
      ['disable', {}],
      ['move', { policyExtId: 'tolerant', modificationComment: 'b' }],
    ] as const) {
      const before = await stored();
      const job = await bulk.run({ action, filter, parameters });
      expect(job.changed, action).toBeGreaterThanOrEqual(3);
      expect(await stored(), action).not.toEqual(before);
      const undo = await bulk.undo(job.id);
      await bulk.work();
      expect(await bulk.read(undo)).toMatchObject({
        action: 'undo',
        status: 'completed',
        undoneJob: job.id,
        changed: job.changed,
        refused: 0,
      });
      expect(await stored(), action).toEqual(before);
    }
  });

  test('as a caller reads it, and with events of its own', async () => {
    const { first, filter, read } = await bulk.someOf(1);
    const before = await read(first);
    const job = await bulk.run({ action: 'disable', filter });
    bulk.app.clock.advance(60_000);
    await bulk.undo(job.id);
    await bulk.work();
    const after = await read(first);
    expect(withoutVersion(after)).toEqual(withoutVersion(before));
    expect(after.version).toBe(3);
    expect((await bulk.events(first)).at(-1)).toMatchObject({
      version: 3,
      changes: { stateName: { from: 'disabled', to: 'active' } },
    });
    expect((await bulk.read(job.id)) as object).not.toHaveProperty('undoUntil');
  });

  test('not of a row that somebody has changed since, nor of one that is deleted', async () => {
    const { ids, filter, path, read } = await bulk.someOf(3);
    const [changed = '', deleted = '', untouched = ''] = ids;
    const job = await bulk.run({ action: 'disable', filter });
    await bulk.request('PATCH', path(changed), { body: { modificationComment: 'mine' } });
    await bulk.request('DELETE', path(deleted));
    const undo = await bulk.undo(job.id);
    await bulk.work();
    expect(await bulk.read(undo)).toMatchObject({ changed: 1, refused: 1, gone: 1 });
    const [line] = await bulk.results(undo);
    expect(line.errors).toMatchObject([
      { code: 'errors.optimisticLockingFailure', currentVersion: 3, changedBy: 'admin-1' },
    ]);
    expect(await read(changed)).toMatchObject({ stateName: 'disabled', modificationComment: 'mine' });
    expect(await read(untouched)).toMatchObject({ stateName: 'active' });
  });

  test('once, within an hour after the end, and not while it or another job runs', async () => {
    const { filter } = await bulk.someOf(1);
    const id = await bulk.begin({ action: 'disable', filter });
    const undo = async (of: string) => await bulk.request('POST', bulk.path(`/${of}/undo`));
    expect(refusalOf(await undo(id))).toEqual([422, ['errors.invalidData']]);
    await bulk.work();
    const other = await bulk.begin({ action: 'enable', filter: { keyType: 'none' } });
    expect(refusalOf(await undo(id))).toEqual([422, ['errors.policyViolation']]);
    await bulk.work();
    expect(refusalOf(await undo(other))).toEqual([422, ['errors.invalidData']]);
    bulk.app.clock.advance(3_599_000);
    const undone = await bulk.undo(id);
    await bulk.work();
    expect(refusalOf(await undo(id))).toEqual([422, ['errors.invalidData']]);
    expect(refusalOf(await undo(undone))).toEqual([422, ['errors.invalidData']]);
    const late = await bulk.run({ action: 'disable', filter });
    bulk.app.clock.advance(3_600_000);
    expect(refusalOf(await undo(late.id))).toEqual([422, ['errors.invalidData']]);
  });

  test('of two requests at once, one is 422 and leaves nothing', async () => {
    const { filter, first, read } = await bulk.someOf(1);
    const job = await bulk.run({ action: 'disable', filter });
    const undo = async () => await bulk.request('POST', bulk.path(`/${job.id}/undo`));
    const answers = await Promise.all([undo(), undo()]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202, 422]));
    await bulk.work();
    expect(await read(first)).toMatchObject({ stateName: 'active', version: 3 });
  });

  test.each([
    ['move', ['CredentialView', 'CredentialModify', 'PolicyView'], 'CredentialChangeState'],
    ['move', ['CredentialView', 'CredentialModify', 'CredentialChangeState'], 'PolicyView'],
    ['disable', ['CredentialView'], 'CredentialModify'],
    ['disable', ['CredentialModify'], 'CredentialView'],
  ])('and stop of a job that does %s with %j are 403 without %s', async (action, permissions) => {
    const { filter, first, read } = await bulk.someOf(1);
    const parameters = action === 'move' ? { policyExtId: 'tolerant' } : {};
    const id = await bulk.begin({ action, filter, parameters });
    const names = permissions.map((name) => `AccessControl.${name}`);
    const token = await bulk.app.token({ roles: [], permissions: names, exp: Date.UTC(2100, 0) / 1000 });
    expect((await bulk.request('DELETE', bulk.path(`/${id}`), { token })).status).toBe(403);
    await bulk.work();
    expect(await bulk.read(id)).toMatchObject({ status: 'completed', changed: 1 });
    expect(refusalOf(await bulk.request('POST', bulk.path(`/${id}/undo`), { token }))).toEqual([
      403,
      ['errors.permissionDenied'],
    ]);
    expect(await read(first)).toMatchObject({ version: 2 });
  });

  test('under a policy that was tightened or deleted since: the former policy must still be there', async () => {
    await bulk.fixture.builders.policy('100', 'former');
    const { filter, ids, path, read } = await bulk.someOf(2);
    const [kept = '', other = ''] = ids;
    for (const id of ids) {
      await bulk.app.dataSource.query(`update credentials set policy_ext_id = 'former' where ext_id = $1`, [id]);
    }
    await bulk.app.dataSource.query(`update credentials set policy_ext_id = 'strict' where ext_id = $1`, [kept]);
    const job = await bulk.run({ action: 'move', filter, parameters: { policyExtId: 'tolerant' } });
    expect(job).toMatchObject({ changed: 2 });
    expect((await bulk.request('DELETE', '/nevisidm/api/core/v1/100/policies/former')).status).toBe(204);
    const parameters = { certificateUploadCheck: 'strict', maxValidityDays: '1' };
    await bulk.app.dataSource.query(`update policies set parameters = $1 where ext_id = 'strict'`, [parameters]);
    const undo = await bulk.undo(job.id);
    await bulk.work();
    expect(await bulk.read(undo)).toMatchObject({ changed: 1, refused: 1 });
    // What the policy would refuse as an upload today was there before.
    expect(await read(kept)).toMatchObject({ policyExtId: 'strict', stateName: 'active' });
    expect(await read(other)).toMatchObject({ policyExtId: 'tolerant', version: 2 });
    expect((await bulk.request('GET', path(other))).status).toBe(200);
  });

  test('counters that the job reset do not come back if somebody has logged in since', async () => {
    const { first, filter, path, read } = await bulk.someOf(1);
    await bulk.request('PATCH', path(first), { body: { stateName: 'fail-locked' } });
    await bulk.app.dataSource.query(`update credentials set failures = 5 where ext_id = $1`, [first]);
    const job = await bulk.run({ action: 'enable', filter });
    await bulk.app.dataSource.query(`update credentials set successes = 1, last_success = created where ext_id = $1`, [
      first,
    ]);
    await bulk.undo(job.id);
    await bulk.work();
    expect(await read(first)).toMatchObject({ stateName: 'fail-locked', failedLoginCount: 0, successfulLoginCount: 1 });
  });

  test('of a stopped job, what it had changed', async () => {
    const { filter, ids, read } = await bulk.someOf(2);
    const job = await bulk.run({ action: 'disable', filter });
    await bulk.app.dataSource.query(`update jobs set status = 'stopped' where id = $1`, [job.id]);
    await bulk.undo(job.id);
    await bulk.work();
    for (const id of ids) expect(await read(id)).toMatchObject({ stateName: 'active' });
  });
});

test('17.3 of two undos, one of which runs while the other waits for its turn, one is refused', async () => {
  const { filter } = await bulk.someOf(1);
  const { id } = await bulk.run({ action: 'disable', filter });
  afterRead(bulk.app.get(Database), 'read_job', async () => {
    await bulk.undo(id as string);
    await bulk.work();
  });
  const second = await bulk.request('POST', bulk.path(`/${id}/undo`));
  vi.restoreAllMocks();
  expect(refusalOf(second)).toEqual([422, ['errors.invalidData']]);
});
