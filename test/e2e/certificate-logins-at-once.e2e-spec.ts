import { afterAll, beforeAll, expect, test } from 'vitest';

import { send } from '../support/http.js';
import { issueCertificate } from '../support/pki.js';
import { TrustFixture } from '../support/trust-fixture.js';

const LOGINS = 1_000;
/** An administrator removes the lock after each so many logins. */
const UNLOCK_AFTER = 50;

let fixture: TrustFixture;

beforeAll(async () => {
  // Each request has a connection of its own, and one address may have half of them.
  fixture = await TrustFixture.start({ maxConnections: 4 * LOGINS });
});

afterAll(async () => await fixture.app.close());

test(`15.3 of ${LOGINS} logins at once on one credential, successes, failures and those that a lock refuses are counted exactly`, async () => {
  const { policies, app } = fixture;
  await policies.nextClient();
  const { client } = policies;
  await policies.builders.policy(client, 'default');
  await policies.builders.user(client, 'u-1');
  // Without the intermediate, a login has a path only with the chain that it sends.
  await fixture.create();
  await fixture.createPolicy();
  const extensions = { subjectKeyIdentifier: true } as const;
  const { pem } = await issueCertificate({ subject: [{ CN: ['Jane'] }], issuer: fixture.issuing, extensions });
  const path = `/${client}/users/u-1/certificates`;
  const chain = fixture.issuing.pem;
  await fixture.patch({ intermediates: chain });
  const body = { certificate: pem, extId: 'cert', policyExtId: 'p-1' };
  expect((await policies.request('POST', path, { body })).status).toBe(201);
  await fixture.patch({ intermediates: '' });

  const token = await app.token({ roles: ['nevisIdm.Gateway'], sub: 'gateway', client_ext_id: client });
  const counts: Record<string, number> = {};
  /** Asked again while too many logins wait for the row. */
  const unlock = async (): Promise<void> => {
    const { status } = await policies.request('PATCH', `${path}/cert`, { body: { stateName: 'active' } });
    if (status === 503) await unlock();
    else expect(status).toBe(200);
  };
  const logIn = async (_: unknown, number: number): Promise<void> => {
    const sent = { certificate: pem, ...(number % 3 === 0 ? {} : { chain }) };
    if (number % UNLOCK_AFTER === 0) await unlock();
    const url = `/nevisidm/api/core/v1/${client}/certificate-logins`;
    const answer = await send(app, 'POST', url, { token, body: sent });
    // More than may wait for their turn are refused; such a login must not have been counted.
    expect([200, 503]).toContain(answer.status);
    const outcome = answer.status === 503 ? 'busy' : String((answer.body as { outcome: unknown }).outcome);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  };
  await Promise.all(Array.from({ length: LOGINS }, logIn));

  const { ok = 0, failed = 0, locked = 0, busy = 0 } = counts;
  expect(ok + failed + locked + busy).toBe(LOGINS);
  expect(Math.min(ok, failed, locked)).toBeGreaterThan(0);
  const [row] = await app.dataSource.query<unknown[]>(
    `select successes, (select count(*)::integer from audit_events where action = 'loggedIn') as "loggedIn",
        (select count(*)::integer from audit_events where action = 'loginFailed') as "loginFailed"
      from credentials where client_ext_id = $1`,
    [client],
  );
  expect(row).toEqual({ successes: ok, loggedIn: ok, loginFailed: failed + locked });

  await unlock();
  const sent = { token, body: { certificate: pem, chain } };
  await send(app, 'POST', `/nevisidm/api/core/v1/${client}/certificate-logins`, sent);
  expect((await policies.request('GET', `${path}/cert`)).body).toMatchObject({
    stateName: 'active',
    successfulLoginCount: ok + 1,
    failedLoginCount: 0,
  });
});
