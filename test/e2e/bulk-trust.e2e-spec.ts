/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { BulkJobRunner } from '../../src/bulk/bulk-job-runner.js';
import { Leader } from '../../src/database/leader.js';
import { toPem } from '../../src/x509/certificate/pem.js';
import type { Answer } from '../support/http.js';
import { RevocationRequests } from '../support/revocation-requests.js';
import { authority } from '../support/signed-certificate.js';

let fixture: RevocationRequests;

beforeAll(async () => {
  fixture = await RevocationRequests.start();
});

afterAll(async () => await fixture.close());

beforeEach(async () => await fixture.nextClient({ revocationCheck: 'soft' }));

const request = async (method: string, suffix: string, body?: object): Promise<Answer> =>
  await fixture.policies.request(method, fixture.path(`/certificates/bulk${suffix}`), { body });

/** Makes a job; `meanwhile` happens before its first row. */
async function run(
  suffix: string,
  body: object | undefined,
  meanwhile: () => Promise<unknown> = async () => undefined,
) {
  const { app } = fixture.policies;
  const holder = '00000000-0000-4000-8000-000000000000';
  await app.dataSource.query('delete from leases');
  await app.dataSource.query(`insert into leases (name, holder, until)
    values ('background', '${holder}', clock_timestamp() + interval '1 hour')`);
  const answer = await request('POST', suffix, body);
  expect(answer.status).toBe(202);
  await meanwhile();
  await app
    .get(BulkJobRunner)
    .run()
    .catch(() => undefined);
  await app.dataSource.query('delete from leases');
  expect(await app.get(Leader).leads()).toBe(true);
  await app.get(BulkJobRunner).run();
  return (await request('GET', `/${answer.body.id}`)).body;
}

const reasonsOf = async (id: string) => {
  const errors: { errors: { rule?: string; code: string }[] | null }[] = await fixture.policies.app.dataSource.query(
    'select errors from job_rows where job_id = $1 order by position',
    [id],
  );
  return errors.map((row) => row.errors?.map(({ rule, code }) => rule ?? code));
};

const registered = async (extId: string, members: object = {}) => {
  const leaf = fixture.leaf();
  expect((await fixture.post(leaf, '', { extId, ...members })).status).toBe(201);
  return leaf;
};

const ENABLE = { action: 'enable', filter: { policyExtId: 'p-1' } };

test('13.4, 17.1 a job does not enable a certificate that evidence says is revoked', async () => {
  const leaf = await registered('revoked', { stateName: 'disabled' });
  await registered('good', { stateName: 'disabled' });
  await fixture.revokeByCrl(leaf);
  const job = await run('', ENABLE);
  expect(job).toMatchObject({ changed: 1, refused: 1 });
  expect(await reasonsOf(job.id)).toEqual([undefined, ['revocationCheck']]);
});

test('13.4, 17.3 an undo does not bring back a state that allows logins once the certificate is revoked', async () => {
  const leaf = await registered('revoked');
  await registered('good');
  const job = await run('', { action: 'disable', filter: { policyExtId: 'p-1' } });
  expect(job).toMatchObject({ changed: 2 });
  await fixture.revokeByCrl(leaf);
  const undone = await run(`/${job.id}/undo`, undefined);
  expect(undone).toMatchObject({ changed: 1, refused: 1 });
  expect(await reasonsOf(undone.id)).toEqual([undefined, ['revocationCheck']]);
});

test('17.1 evidence that arrives after the job was made counts', async () => {
  const leaf = await registered('revoked', { stateName: 'disabled' });
  const job = await run('', ENABLE, async () => await fixture.revokeByCrl(leaf));
  expect(job).toMatchObject({ changed: 0, refused: 1 });
});

test('11.3, 17.1 a trust-anchor set that is changed under the job decides as it is then', async () => {
  await registered('cert');
  await fixture.createPolicy('p-2', {});
  const move = { action: 'move', filter: { policyExtId: 'p-1' }, parameters: { policyExtId: 'p-2' } };
  const dryRun = await request('POST', '', { ...move, dryRun: true });
  expect(dryRun.body).toMatchObject({ count: 1, refused: { count: 0 } });
  const job = await run('', move, async () => {
    const anchors = toPem(authority('Other').der);
    const changed = await fixture.policies.request('PATCH', fixture.path('/trust-anchor-sets/set-1'), {
      body: { anchors },
    });
    expect(changed.status).toBe(200);
  });
  expect(job).toMatchObject({ changed: 0, refused: 1 });
  expect(await reasonsOf(job.id)).toEqual([['trustAnchors']]);
  expect((await request('POST', '', { ...move, dryRun: true })).body).toMatchObject({ refused: { count: 1 } });
});

test('13.4, 17.1 a move leaves disabled what was found to be revoked', async () => {
  await registered('cert');
  await fixture.createPolicy('p-2', {});
  await fixture.policies.app.dataSource.query(
    `update credentials set state = 'disabled', state_set_by = 'policy', reason = 'cert-revoked', detail = 'Revoked.'
      where ext_id = 'cert' and client_ext_id = $1`,
    [fixture.policies.client],
  );
  const move = { action: 'move', filter: { policyExtId: 'p-1' }, parameters: { policyExtId: 'p-2' } };
  expect(await run('', move)).toMatchObject({ changed: 1 });
  expect((await fixture.policies.request('GET', fixture.certificates('/cert'))).body).toMatchObject({
    policyExtId: 'p-2',
    stateName: 'disabled',
    stateChangeReason: 'cert-revoked',
  });
});
