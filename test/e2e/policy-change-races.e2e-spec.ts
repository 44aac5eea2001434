import { DataSource, type QueryRunner } from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import type { AuditEventRow } from '../../src/audit/audit-event.table.js';
import { Fixture } from '../support/fixture.js';
import { type Answer, codesOf, CORE, send } from '../support/http.js';

let fixture: Fixture;
/** Connections of other writers, whose transactions the test keeps open. */
let others: DataSource;
let count = 0;
let policy: string;
let path: string;
let extId: string;
let violating: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  others = await new DataSource(fixture.app.dataSource.options).initialize();
});

afterAll(async () => {
  await others.destroy();
  await fixture.app.close();
});

beforeEach(async () => {
  count += 1;
  policy = `policy-${count}`;
  extId = `credential-${count}`;
  await fixture.builders.policy('100', policy);
  path = await fixture.register(extId, { policyExtId: policy });
  violating = await fixture.pem(`violating ${count}`, { notAfter: '2030-01-01T00:00:00Z' });
});

async function begin(): Promise<QueryRunner> {
  const runner = others.createQueryRunner();
  await runner.startTransaction();
  return runner;
}

async function end(runner: QueryRunner): Promise<void> {
  await runner.commitTransaction();
  await runner.release();
}

const makeStrict = async (runner: QueryRunner): Promise<unknown> =>
  await runner.query(
    `update policies set version = version + 1, parameters = '{"certificateUploadCheck":"strict","maxValidityDays":"397"}'
      where ext_id = $1`,
    [policy],
  );

async function blockedStatements(): Promise<number> {
  const [row] = await others.query<{ blocked: number }[]>(
    `select count(*)::integer as blocked from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return row?.blocked ?? 0;
}

/** Waits until so many statements of this database wait for a lock. */
const waiting = async (statements: number): Promise<void> => await expect.poll(blockedStatements).toBe(statements);

const expectRefused = (answer: Answer): void =>
  expect([answer.status, codesOf(answer)]).toEqual([422, ['errors.certificatePolicyViolated']]);

test('3.4 a change that was evaluated by a policy during its change is evaluated again by the new one', async () => {
  const change = await begin();
  await makeStrict(change);
  const patch = fixture.patch(path, { certificate: violating });
  const post = send(fixture.app, 'POST', fixture.path(), {
    token: fixture.token,
    body: { certificate: await fixture.pem('also', { notAfter: '2030-01-01T00:00:00Z' }), policyExtId: policy },
  });
  await waiting(2);
  await end(change);
  expectRefused(await patch);
  expectRefused(await post);
  expect((await fixture.read(path)).body.version).toBe(1);
});

test('3.4 a policy change waits for credential changes that the old policy evaluated', async () => {
  const holder = await begin();
  await holder.query('select 1 from credentials where ext_id = $1 for update', [extId]);
  const patch = fixture.patch(path, { certificate: violating });
  await waiting(1);
  const change = await begin();
  const answered: string[] = [];
  const changed = makeStrict(change).then(async () => {
    answered.push('policy');
    await end(change);
  });
  // The change of the policy is not answered yet, so the old policy still applies.
  await waiting(2);
  expect(answered).toEqual([]);
  await end(holder);
  await changed;
  expect((await patch).status).toBe(200);
  const another = await fixture.pem(`another ${count}`, { notAfter: '2030-01-01T00:00:00Z' });
  expectRefused(await fixture.patch(path, { certificate: another }));
});

test('3.4 a change that loses a race is applied to the new row, and no change is lost', async () => {
  const holder = await begin();
  await holder.query(
    `update credentials set version = 2, comment = 'of another writer', state = 'disabled', state_set_by = 'administrator'
      where ext_id = $1`,
    [extId],
  );
  const patch = fixture.patch(path, { certificate: await fixture.pem(`renewed ${count}`) });
  const withVersion = fixture.patch(path, { version: 1, modificationComment: 'late' });
  await waiting(2);
  await end(holder);
  expect((await patch).body).toMatchObject({
    version: 3,
    modificationComment: 'of another writer',
    stateName: 'disabled',
  });
  expect([(await withVersion).status, codesOf(await withVersion)]).toEqual([409, ['errors.optimisticLockingFailure']]);
});

test('3.4 a change of a credential that is deleted meanwhile is 404', async () => {
  const holder = await begin();
  await holder.query('delete from credentials where ext_id = $1', [extId]);
  const patch = fixture.patch(path, { modificationComment: 'late' });
  const removal = send(fixture.app, 'DELETE', path, { token: fixture.token });
  await waiting(2);
  await end(holder);
  expect([(await patch).status, (await removal).status]).toEqual([404, 404]);
  const auditLog = await fixture.app.dataSource.getRepository<AuditEventRow>('audit_events').find({ where: { extId } });
  expect(auditLog.map(({ action }) => action)).toEqual(['created']);
});

test('3.4, 4.4 the deletion of a user who is disabled meanwhile is refused, the one of an administrator is not', async () => {
  const name = `own-${count}`;
  await fixture.builders.user('100', name);
  const own = await fixture.register(name, { policyExtId: policy }, name);
  const holder = await begin();
  await holder.query(`update users set version = version + 1, state = 'disabled' where ext_id = $1`, [name]);
  const removal = send(fixture.app, 'DELETE', own, {
    token: await fixture.app.token({ roles: ['nevisIdm.SelfAdmin'], sub: name }),
    xToken: await fixture.app.xToken(name),
  });
  await waiting(1);
  await end(holder);
  expect([(await removal).status, codesOf(await removal)]).toEqual([403, ['errors.permissionDenied']]);
  expect((await send(fixture.app, 'DELETE', own, { token: fixture.token })).status).toBe(204);
});

test.each([
  ['policies', () => policy, { description: 'changed' }],
  ['users', () => 'helper-7', { remarks: 'changed' }],
])('3.4 a waiting change of %s precedes later changes of credentials', async (table, own, change) => {
  const earlier = await begin();
  await earlier.query(`select 1 from ${table} where client_ext_id = '100' and ext_id = $1 for share`, [own()]);
  const changing = fixture.patch(`${CORE}/100/${table}/${own()}`, change);
  await waiting(1);
  const later = fixture.patch(path, { modificationComment: 'later' });
  // Without a fair lock it would overtake, and the waiting change could wait for ever.
  await waiting(2);
  await end(earlier);
  expect([(await changing).status, (await later).status]).toEqual([200, 200]);
});

test('3.4, 3.9 the credentials of a user who is archived meanwhile do not change', async () => {
  const holder = await begin();
  await holder.query(`update users set version = version + 1, state = 'archived' where ext_id = 'helper-7'`);
  const patch = fixture.patch(path, { modificationComment: 'late' });
  const post = send(fixture.app, 'POST', fixture.path(), {
    token: fixture.token,
    body: { certificate: await fixture.pem('late') },
  });
  await waiting(2);
  await end(holder);
  for (const answer of [await patch, await post]) {
    expect([answer.status, codesOf(answer)]).toEqual([422, ['errors.recordDeleted']]);
  }
});
