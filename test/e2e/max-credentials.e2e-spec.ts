import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { LOCK_COUNT } from '../../src/credentials/credential.queries.js';
import { Fixture } from '../support/fixture.js';
import { type Answer, codesOf, CORE, send } from '../support/http.js';

const MOST = 3;
const VIOLATION = {
  code: 'errors.policyViolation',
  message: 'A user can have at most 3 certificates, and this user has 3. Delete one that is no longer used.',
};

let fixture: Fixture;

beforeAll(async () => {
  fixture = await Fixture.start({ maxCredentialsPerUser: MOST });
  await fixture.builders.user('100', 'helper-8');
});

afterAll(async () => await fixture.app.close());

/** One below the limit. */
beforeEach(async () => {
  await fixture.app.dataSource.query('delete from credentials');
  for (const extId of ['c-1', 'c-2']) await fixture.register(extId);
});

const post = async (body: object, query = ''): Promise<Answer> =>
  await send(fixture.app, 'POST', fixture.path() + query, { token: fixture.token, body });

const remaining = async (): Promise<number> => (await fixture.read(fixture.path())).body.items.length as number;

test('8.1 a user has at most the configured number of certificates, archived ones included', async () => {
  await fixture.register('c-3', { stateName: 'archived' });
  const refused = await post({ certificate: await fixture.pem('c-4') });
  expect([refused.status, refused.body.errors]).toMatchObject([422, [VIOLATION]]);
  await fixture.register('of-another', {}, 'helper-8');
  await send(fixture.app, 'DELETE', `${fixture.path()}/c-3`, { token: fixture.token });
  expect((await post({ certificate: await fixture.pem('c-4') })).status).toBe(201);
});

test('1.4, 7.2 a dry run is refused as well, and other errors are reported together with the limit', async () => {
  await fixture.register('c-3');
  const { certificate } = (await fixture.read(`${fixture.path()}/c-3`)).body as { certificate: string };
  const long = await fixture.pem('long', { notAfter: '2028-04-05T00:00:00Z' });
  for (const query of ['', '?dryRun=true']) {
    expect(codesOf(await post({ extId: 'c-1', certificate }, query)).toSorted()).toEqual([
      'errors.certificateExists',
      'errors.duplicateValue',
      'errors.policyViolation',
    ]);
    expect(codesOf(await post({ certificate: long, policyExtId: 'strict' }, query))).toEqual([
      'errors.policyViolation',
      'errors.certificatePolicyViolated',
    ]);
  }
  expect(await remaining()).toBe(MOST);
});

test('8.1, 10.1 a self-admin is refused too, and the refusal is an audit event', async () => {
  await fixture.register('c-3');
  await fixture.app.dataSource.query(`delete from audit_events where action = 'refused'`);
  const answer = await send(fixture.app, 'POST', fixture.path(), {
    token: await fixture.app.token({ sub: 'helper-7', roles: ['nevisIdm.SelfAdmin'] }),
    xToken: await fixture.app.xToken('helper-7'),
    body: { certificate: await fixture.pem('own') },
  });
  expect([answer.status, answer.body.errors]).toMatchObject([422, [VIOLATION]]);
  const events = await fixture.read(`${CORE}/100/audit-events?action=refused`);
  expect(events.body.items).toMatchObject([
    { code: 'errors.policyViolation', kind: 'user', extId: 'helper-7', actor: 'helper-7' },
  ]);
});

test('8.1 a lowered limit deletes nothing, and no certificate can be added', async () => {
  await fixture.register('c-3');
  await fixture.app.dataSource.query(
    `insert into credentials select r.* from credentials c, lateral jsonb_populate_record(c, jsonb_build_object(
      'ext_id', 'c-4', 'generation', gen_random_uuid(), 'sha256', sha256('c-4'))) as r where c.ext_id = 'c-1'`,
  );
  expect(codesOf(await post({ certificate: await fixture.pem('c-5') }))).toEqual(['errors.policyViolation']);
  expect((await fixture.patch(`${fixture.path()}/c-4`, { modificationComment: 'still here' })).status).toBe(200);
  expect(await remaining()).toBe(4);
});

test('8.1 of several registrations at once only one takes the last place', async () => {
  const pems = await Promise.all(['a', 'b', 'c', 'd'].map(async (name) => await fixture.pem(name)));
  const blocker = fixture.app.dataSource.createQueryRunner();
  await blocker.startTransaction();
  await blocker.query(LOCK_COUNT.text, ['100', 'helper-7']);
  const answers = Promise.all(pems.map(async (certificate) => await post({ certificate })));
  await waitFor(pems.length);
  await blocker.commitTransaction();
  await blocker.release();
  const refused = (await answers).filter(({ status }) => status !== 201);
  expect(refused.map(codesOf)).toEqual(refused.map(() => ['errors.policyViolation']));
  expect(refused).toHaveLength(pems.length - 1);
  expect(await remaining()).toBe(MOST);
});

/** Waits until so many statements wait for the lock. */
async function waitFor(waiting: number): Promise<void> {
  for (;;) {
    const [row] = await fixture.app.dataSource.query<[{ waiting: number }]>(
      `select count(*)::integer as waiting from pg_locks l join pg_database d on d.oid = l.database
        where d.datname = current_database() and l.locktype = 'advisory' and not l.granted`,
    );
    if (row.waiting >= waiting) return;
  }
}
