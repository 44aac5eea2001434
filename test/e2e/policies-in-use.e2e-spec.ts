import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { type Answer, codesOf } from '../support/http.js';
import { issueCertificate } from '../support/pki.js';
import { CERTIFICATE_POLICY, PolicyFixture } from '../support/policy-fixture.js';

let fixture: PolicyFixture;

beforeAll(async () => {
  fixture = await PolicyFixture.start();
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => await fixture.nextClient());

const certificates = (): string => `/${fixture.client}/users/u-1/certificates`;

/** Waits until a statement waits for a lock. */
const waitingStatements = async (): Promise<void> => {
  for (;;) {
    const waiting: unknown[] = await fixture.app.dataSource.query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (waiting.length > 0) return;
  }
};

const becomeStrict = async (): Promise<Answer> =>
  await fixture.patch('p-1', { parameters: { certificateUploadCheck: 'strict', maxValidityDays: '1' } });

const register = async (): Promise<Answer> => {
  const { pem } = await issueCertificate({ subject: `CN=${fixture.client}` });
  return await fixture.request('POST', certificates(), {
    body: { extId: 'cert', certificate: pem, policyExtId: 'p-1' },
  });
};

/** Locks the user's row, which every change of a credential locks first, while `meanwhile` runs. */
const whileUserIsHeld = async (change: () => Promise<Answer>, meanwhile: () => Promise<Answer>): Promise<Answer> => {
  const runner = fixture.app.dataSource.createQueryRunner();
  await runner.query('begin');
  await runner.query('select 1 from users where client_ext_id = $1 for update', [fixture.client]);
  const changing = change();
  await waitingStatements();
  expect((await meanwhile()).status).toBe(200);
  await runner.query('commit');
  await runner.release();
  return await changing;
};

describe('policies with credentials', () => {
  beforeEach(async () => {
    await fixture.builders.user(fixture.client, 'u-1');
    await fixture.create({ ...CERTIFICATE_POLICY, parameters: { certificateUploadCheck: 'none' } });
  });

  test('2.11 a policy in use by credentials cannot be deleted', async () => {
    expect((await register()).status).toBe(201);
    const refused = await fixture.delete('p-1');
    expect([refused.status, codesOf(refused)]).toEqual([422, ['errors.undeletedDependencies']]);
    await fixture.request('DELETE', `${certificates()}/cert`);
    expect((await fixture.delete('p-1')).status).toBe(204);
  });

  test('3.4 a certificate change that was evaluated by the old policy is evaluated again after the policy change', async () => {
    await register();
    const { pem } = await issueCertificate({ subject: 'CN=replacement' });
    const answer = await whileUserIsHeld(
      async () => await fixture.request('PATCH', `${certificates()}/cert`, { body: { certificate: pem } }),
      becomeStrict,
    );
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ rule: 'maxValidityDays', found: '365 days' }));
    expect(answer.status).toBe(422);
    expect((await fixture.request('GET', `${certificates()}/cert`)).body).toMatchObject({
      version: 1,
      subjectDN: `CN=${fixture.client}`,
    });
  });

  test('3.4 a registration that was evaluated by the old policy is evaluated again after the policy change', async () => {
    const answer = await whileUserIsHeld(register, becomeStrict);
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ rule: 'maxValidityDays', found: '365 days' }));
    expect(answer.status).toBe(422);
    expect((await fixture.request('GET', `${certificates()}/cert`)).status).toBe(404);
  });
});
