import type { QueryRunner } from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { CertificateTrust } from '../../src/certificates/certificate-trust.service.js';
import type { PolicyVersion } from '../../src/trust/trust-set.model.js';
import { TrustService } from '../../src/trust/trust.service.js';
import { refusalOf } from '../support/http.js';
import { issueCertificate } from '../support/pki.js';
import { TrustFixture } from '../support/trust-fixture.js';

let fixture: TrustFixture;

beforeAll(async () => {
  fixture = await TrustFixture.start();
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => {
  await fixture.policies.nextClient();
  await fixture.create({ intermediates: fixture.issuing.pem });
});

interface StoredPolicy {
  readonly version: number;
  readonly set: string | null;
  readonly evaluations: number;
}

async function policy(extId = 'p-1'): Promise<StoredPolicy | undefined> {
  const [row] = await fixture.app.dataSource.query<StoredPolicy[]>(
    `select version, trust_set_ext_id as set, evaluation_version as evaluations from policies
      where client_ext_id = $1 and ext_id = $2`,
    [fixture.policies.client, extId],
  );
  return row;
}

const UNKNOWN_SET = [422, ['errors.invalidData']];

/** Runs `work` until it waits for the transaction that `hold` has opened, then ends that one. */
async function whileHeld<Result>(
  hold: (runner: QueryRunner) => Promise<unknown>,
  work: () => Promise<Result>,
  meanwhile: () => Promise<unknown> = async () => await Promise.resolve(),
): Promise<Result> {
  const runner = fixture.app.dataSource.createQueryRunner();
  await runner.startTransaction();
  await hold(runner);
  const working = work();
  await expect
    .poll(async () => {
      const rows: unknown[] = await fixture.app.dataSource.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows.length;
    })
    .toBeGreaterThan(0);
  await meanwhile();
  await runner.commitTransaction();
  await runner.release();
  return await working;
}

test('11.4 a policy names a set of its client, and stops to name it', async () => {
  expect((await fixture.createPolicy()).body).toMatchObject({ version: 1, parameters: { trustAnchors: 'set-1' } });
  expect(await policy()).toEqual({ version: 1, set: 'set-1', evaluations: 1 });
  await fixture.policies.patch('p-1', { parameters: { maxValidityDays: '397' } });
  expect(await policy()).toEqual({ version: 2, set: null, evaluations: 1 });
  await fixture.policies.patch('p-1', { parameters: { trustAnchors: 'set-1' } });
  await fixture.policies.patch('p-1', { description: 'still' });
  expect(await policy()).toEqual({ version: 4, set: 'set-1', evaluations: 1 });
});

test('11.4 a policy that names no set of its client is 422, reported with the other errors', async () => {
  const unknown = await fixture.createPolicy('nowhere');
  expect(refusalOf(unknown)).toEqual(UNKNOWN_SET);
  expect(unknown.body.errors[0]).toMatchObject({ field: 'parameters.trustAnchors', parameter: 'trustAnchors' });
  await fixture.createPolicy();
  const again = await fixture.createPolicy('nowhere');
  expect(refusalOf(again)).toEqual([
    422,
    expect.arrayContaining(['errors.invalidData', 'errors.duplicateValue', 'errors.duplicateName']),
  ]);
  const ill = await fixture.createPolicy('nowhere', {
    extId: 'p-2',
    parameters: { trustAnchors: 'nowhere', keyTypes: 'X' },
  });
  expect((ill.body.errors as { field: string }[]).map(({ field }) => field).toSorted()).toEqual([
    'name',
    'parameters.keyTypes',
    'parameters.trustAnchors',
  ]);
  const patched = await fixture.policies.patch('p-1', { parameters: { trustAnchors: 'nowhere' } });
  expect(refusalOf(patched)).toEqual(UNKNOWN_SET);
  expect(await policy()).toEqual({ version: 1, set: 'set-1', evaluations: 1 });
});

test('11.4 a policy does not name the set of another client', async () => {
  await fixture.policies.nextClient();
  expect(refusalOf(await fixture.createPolicy())).toEqual(UNKNOWN_SET);
});

test('2.10, 11.4 only a CertificatePolicy names a set; in other types the parameter has no effect', async () => {
  const members = { policyType: 'TANPolicy', parameters: { trustAnchors: 'nowhere' } };
  expect((await fixture.createPolicy('nowhere', members)).status).toBe(201);
  expect(await policy()).toMatchObject({ set: null });
  expect((await fixture.policies.patch('p-1', { parameters: { trustAnchors: 'no where' } })).status).toBe(200);
});

test('11.3, 2.11 the default flag moves away from a policy that names a set', async () => {
  await fixture.createPolicy('set-1', { defaultPolicy: true });
  const other = { policyType: 'CertificatePolicy', extId: 'p-2', defaultPolicy: true };
  expect((await fixture.policies.create(other)).status).toBe(201);
  expect(await policy()).toEqual({ version: 2, set: 'set-1', evaluations: 1 });
});

test('11.3 a set that policies name is not deleted, and the message names them', async () => {
  await fixture.createPolicy();
  await fixture.createPolicy('set-1', { extId: 'p-2', name: undefined });
  const refused = await fixture.delete();
  expect(refusalOf(refused)).toEqual([422, ['errors.undeletedDependencies']]);
  expect(refused.body.errors[0].message).toBe('Policies name this trust-anchor set: p-1 ("Chained"), p-2.');
  for (const extId of ['p-1', 'p-2']) await fixture.policies.delete(extId);
  expect((await fixture.delete()).status).toBe(204);
});

test('11.3 a change of the set is another evaluation version of each policy that names it, and no version', async () => {
  await fixture.createPolicy();
  await fixture.createPolicy('set-1', { extId: 'p-2', name: undefined });
  await fixture.policies.create({ policyType: 'CertificatePolicy', extId: 'p-3' });
  const before = await fixture.policies.read('p-1');
  await fixture.patch({ anchors: fixture.issuing.pem, intermediates: '' });
  await fixture.patch({});
  expect([await policy(), await policy('p-2'), await policy('p-3')]).toEqual([
    { version: 1, set: 'set-1', evaluations: 2 },
    { version: 1, set: 'set-1', evaluations: 2 },
    { version: 1, set: null, evaluations: 1 },
  ]);
  const after = await fixture.policies.read('p-1');
  expect([after.body, after.headers.get('etag')]).toEqual([before.body, before.headers.get('etag')]);
  expect(await fixture.policies.eventsOf('p-1')).toHaveLength(1);
});

test.each([
  ['creation', async () => await fixture.createPolicy()],
  ['change', async () => await fixture.policies.patch('p-0', { parameters: { trustAnchors: 'set-1' } })],
])('11.3, 3.4 the %s of a policy that names a set during its deletion is 422', async (_, name) => {
  await fixture.policies.create({ policyType: 'CertificatePolicy', extId: 'p-0' });
  const remove = async (runner: QueryRunner) =>
    await runner.query(`delete from trust_anchor_sets where client_ext_id = $1`, [fixture.policies.client]);
  expect(refusalOf(await whileHeld(remove, name))).toEqual(UNKNOWN_SET);
});

test('11.3, 3.4 the deletion of a set that a policy has just started to name is 422', async () => {
  await fixture.policies.create({ policyType: 'CertificatePolicy', extId: 'p-0' });
  const name = async (runner: QueryRunner) =>
    await runner.query(`update policies set trust_set_ext_id = 'set-1' where client_ext_id = $1`, [
      fixture.policies.client,
    ]);
  const answer = await whileHeld(name, async () => await fixture.delete());
  expect(refusalOf(answer)).toEqual([422, ['errors.undeletedDependencies']]);
});

test('11.3, 3.4 deletions of a set, its changes and policies that name it at once leave a consistent state', async () => {
  for (let round = 0; round < 5; round += 1) {
    const answers = await Promise.all([
      fixture.createPolicy('set-1', { extId: `a-${round}`, name: undefined }),
      fixture.createPolicy('set-1', { extId: `b-${round}`, name: undefined, defaultPolicy: true }),
      fixture.patch({ description: `d-${round}` }),
      fixture.delete(),
      fixture.policies.patch(`b-${round - 1}`, { parameters: { trustAnchors: 'set-1' } }),
      fixture.patch({ description: `e-${round}` }),
    ]);
    for (const { status } of answers) expect([200, 201, 204, 404, 422]).toContain(status);
    const [{ lost }] = await fixture.app.dataSource.query<[{ lost: number }]>(
      `select count(*)::integer as lost from policies p where trust_set_ext_id is not null and not exists
        (select 1 from trust_anchor_sets s where s.client_ext_id = p.client_ext_id and s.ext_id = p.trust_set_ext_id)`,
    );
    expect(lost).toBe(0);
    await fixture.create({ intermediates: fixture.issuing.pem });
  }
});

const credentials = () => `/${fixture.policies.client}/users/u-1/certificates`;

const registered = async (): Promise<void> => {
  await fixture.policies.builders.user(fixture.policies.client, 'u-1');
  const { pem } = await issueCertificate({ subject: `CN=${fixture.policies.client}` });
  const body = { extId: 'cert', certificate: pem, policyExtId: 'p-1' };
  expect((await fixture.policies.request('POST', credentials(), { body })).status).toBe(201);
};

const TOLERANT = { parameters: { certificateUploadCheck: 'tolerant', trustAnchors: 'set-1' } };

test.each([
  ['PATCH', '/cert', async () => ({ certificate: (await issueCertificate({ subject: 'CN=renewed' })).pem })],
  ['POST', '', async () => ({ policyExtId: 'p-1', certificate: (await issueCertificate({ subject: 'CN=new' })).pem })],
])(
  '11.3, 3.4 a %s of a certificate that was evaluated against a set that changed meanwhile is evaluated again',
  async (method, suffix, members) => {
    await fixture.createPolicy('set-1', TOLERANT);
    await registered();
    const body = await members();
    const evaluations = vi.spyOn(fixture.app.get(CertificateTrust), 'evaluate');
    try {
      const change = async () => await fixture.policies.request(method, `${credentials()}${suffix}`, { body });
      const hold = async (runner: QueryRunner) =>
        await runner.query('select 1 from users where client_ext_id = $1 for update', [fixture.policies.client]);
      const answer = await whileHeld(hold, change, async () => {
        expect(evaluations).toHaveBeenCalledTimes(1);
        expect((await fixture.patch({ anchors: fixture.issuing.pem, intermediates: '' })).status).toBe(200);
      });
      // The former set, then none for the new version under the locks, then the new set.
      expect(evaluations.mock.results.map(({ value }) => value !== undefined)).toEqual([true, false, true]);
      expect([200, 201]).toContain(answer.status);
    } finally {
      evaluations.mockRestore();
    }
  },
);

test('11.3, 3.4 a change of the set waits for certificates that were evaluated against the former one', async () => {
  await fixture.createPolicy('set-1', TOLERANT);
  await registered();
  const hold = async (runner: QueryRunner) =>
    await runner.query('select 1 from credentials where client_ext_id = $1 for update', [fixture.policies.client]);
  const answered: string[] = [];
  const certificate = (await issueCertificate({ subject: 'CN=renewed' })).pem;
  let setChange: Promise<unknown> = Promise.resolve();
  const patched = await whileHeld(
    hold,
    async () => {
      const answer = await fixture.policies.request('PATCH', `${credentials()}/cert`, { body: { certificate } });
      answered.push('certificate');
      return answer;
    },
    async () => {
      setChange = fixture.patch({ description: 'later' }).then(() => answered.push('set'));
      await expect
        .poll(async () => {
          const rows: unknown[] = await fixture.app.dataSource.query(
            `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          );
          return rows.length;
        })
        .toBe(2);
      expect(answered).toEqual([]);
    },
  );
  await setChange;
  expect([patched.status, answered]).toEqual([200, ['certificate', 'set']]);
});

test('11.4 no certificate passes a policy with trust anchors whose path is not proven', async () => {
  await fixture.createPolicy();
  await fixture.policies.builders.user(fixture.policies.client, 'u-1');
  const { pem } = await issueCertificate({ subject: 'CN=Jane' });
  const body = { certificate: pem, policyExtId: 'p-1' };
  const answer = await fixture.policies.request('POST', credentials(), { body });
  expect(answer.status).toBe(422);
  expect(answer.body.errors).toContainEqual(expect.objectContaining({ rule: 'trustAnchors' }));
});

test('11.2, 11.3 another feature gets the set of exactly the version of the policy that it has read', async () => {
  await fixture.createPolicy();
  const trust = fixture.app.get(TrustService);
  const { client } = fixture.policies;
  const version = async () => {
    const [row] = await fixture.app.dataSource.query<[PolicyVersion]>(
      `select generation as "policyGeneration", version as "policyVersion", evaluation_version as "evaluationVersion"
        from policies where client_ext_id = $1 and ext_id = 'p-1'`,
      [client],
    );
    return row;
  };
  const setOf = async (evaluated: PolicyVersion) =>
    await trust.setOfPolicy(client, { ...evaluated, policyExtId: 'p-1' });
  const first = await version();
  const loaded = await setOf(first);
  expect(loaded).toMatchObject({
    ...first,
    set: { anchors: [{ der: fixture.root.der }], intermediates: [{ der: fixture.issuing.der }] },
  });
  expect((await setOf(first))?.set).toBe(loaded?.set);
  await fixture.patch({ anchors: fixture.issuing.pem, intermediates: null });
  expect((await setOf(first))?.set).toBe(loaded?.set);
  const second = await version();
  expect(await setOf(second)).toMatchObject({ ...second, set: { anchors: [{ der: fixture.issuing.der }] } });
  // What is not cached is read in its present version, and the result says so.
  expect(await setOf({ ...first, policyVersion: 7 })).toMatchObject(second);
  expect(await trust.setOfPolicy(client, { ...first, policyVersion: 7, policyExtId: 'nowhere' })).toBeUndefined();
});
