/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { formatInstant } from '../../src/common/instant.js';
import { type Answer, CORE, refusalOf, send, type Sending } from '../support/http.js';
import { type CertificateRequest, type IssuedCertificate, issueCertificate, testAuthority } from '../support/pki.js';
import { statementsOf } from '../support/statements.js';
import { TrustFixture } from '../support/trust-fixture.js';

const UNLOCKED = { tmpLockingThreshold: '-1', maxCredFailureCount: '-1' };

let fixture: TrustFixture;
let jane: IssuedCertificate;

const leaf = async (request: Partial<CertificateRequest> = {}): Promise<IssuedCertificate> => {
  const extensions = { subjectKeyIdentifier: true, ...request.extensions } as const;
  return await issueCertificate({ subject: [{ CN: ['Jane'] }], issuer: fixture.issuing, ...request, extensions });
};

const request = async (method: string, path: string, sending: Sending = {}): Promise<Answer> =>
  await fixture.policies.request(method, `/${fixture.policies.client}${path}`, sending);

const logIn = async ({ pem }: { readonly pem: string }, members: object = {}, sending: Sending = {}): Promise<Answer> =>
  await request('POST', '/certificate-logins', { body: { certificate: pem, ...members }, ...sending });

const gateway = async () => ({
  token: await fixture.app.token({
    roles: ['nevisIdm.Gateway'],
    sub: 'gateway',
    client_ext_id: fixture.policies.client,
    exp: Date.UTC(2100, 0) / 1000,
  }),
});

const CREDENTIAL = '/users/u-1/certificates/cert';

const credential = async () => (await request('GET', CREDENTIAL)).body;

const patch = async (body: object): Promise<void> => {
  expect((await request('PATCH', CREDENTIAL, { body })).status).toBe(200);
};

const counters = async (): Promise<unknown[]> => {
  const { stateName, successfulLoginCount, failedLoginCount, version } = await credential();
  return [stateName, successfulLoginCount, failedLoginCount, version];
};

const events = async (): Promise<unknown> =>
  await fixture.app.dataSource.query(
    `select action, count(*)::integer as count from audit_events
      where client_ext_id = $1 and action in ('loggedIn', 'loginFailed') group by action order by action`,
    [fixture.policies.client],
  );

beforeAll(async () => {
  fixture = await TrustFixture.start();
  jane = await leaf();
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => {
  fixture.app.clock.advance(60_000);
  const { policies } = fixture;
  await policies.nextClient();
  await policies.builders.policy(policies.client, 'default');
  await policies.builders.user(policies.client, 'u-1');
  await fixture.create({ intermediates: fixture.issuing.pem });
  await fixture.createPolicy();
  const body = { certificate: jane.pem, extId: 'cert', policyExtId: 'p-1' };
  expect((await request('POST', '/users/u-1/certificates', { body })).status).toBe(201);
});

describe('15.2 the outcome', () => {
  test('15.2 ok says whose login it is, under which policy, and until when it may be remembered', async () => {
    const answer = await logIn(jane, {}, await gateway());
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      outcome: 'ok',
      userExtId: 'u-1',
      extId: 'cert',
      clientExtId: fixture.policies.client,
      policyExtId: 'p-1',
      stateName: 'active',
      validity: { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' },
      usableUntil: '2027-01-01T00:00:00Z',
    });
  });

  test('15.2 neither another certificate of the same key nor one with the same name and serial number logs in', async () => {
    const serial = jane.certificate.serialNumber;
    const impostor = await testAuthority({ name: 'Issuing', keyType: 'EC-P384' });
    for (const other of [
      await leaf({ keys: jane.keys }),
      await leaf({ serial }),
      await leaf({ serial, keys: jane.keys, notAfter: '2028-01-01T00:00:00Z' }),
      await leaf({ serial, keys: jane.keys, issuer: impostor }),
    ]) {
      const { body } = await logIn(other, { chain: jane.pem });
      expect(body).toMatchObject({ outcome: 'failed', explanation: { owner: { registered: false } } });
    }
    expect(await counters()).toEqual(['active', 0, 0, 1]);
    expect(await events()).toEqual([]);
  });

  test('15.2 a certificate in chain completes a path, and never decides whose login it is', async () => {
    await fixture.patch({ intermediates: '' });
    const stranger = await leaf({ subject: [{ CN: ['Stranger'] }] });
    expect((await logIn(stranger, { chain: jane.pem + fixture.issuing.pem })).body.outcome).toBe('failed');
    expect((await logIn(jane, { chain: fixture.issuing.pem })).body.outcome).toBe('ok');
    const wrong = await logIn(jane, { chain: fixture.issuing.pem + stranger.pem });
    expect(wrong.body).toMatchObject({ outcome: 'ok', userExtId: 'u-1' });
  });

  test('15.2 a lock is locked; a state and a user who is suspended are disabled; nothing is counted', async () => {
    await patch({ stateName: 'fail-locked' });
    expect((await logIn(jane)).body.outcome).toBe('locked');
    await patch({ stateName: 'active' });
    await patch({ stateName: 'disabled' });
    expect((await logIn(jane)).body.outcome).toBe('disabled');
    await patch({ stateName: 'active' });
    await request('PATCH', '/users/u-1', { body: { userState: 'disabled' } });
    expect((await logIn(jane)).body.outcome).toBe('disabled');
    const { successfulLoginCount, failedLoginCount } = await credential();
    expect([successfulLoginCount, failedLoginCount]).toEqual([0, 0]);
    expect(await events()).toEqual([{ action: 'loginFailed', count: 3 }]);
  });

  test('12.4, 15.2 the explanation of a refusal names the trust-anchor set, and ok names the policy that has it', async () => {
    expect((await logIn(jane)).body).toMatchObject({ outcome: 'ok', policyExtId: 'p-1' });
    await fixture.patch({ intermediates: '' });
    const { rules, path } = (await logIn(jane)).body.explanation;
    expect(rules).toContainEqual(
      expect.objectContaining({ rule: 'trustAnchors', passed: false, expected: 'a path to an anchor of "Corporate"' }),
    );
    expect(path.proven).toBe(false);
  });

  test('15.2 a certificate is found in its own client only', async () => {
    const owner = fixture.policies.client;
    await fixture.policies.nextClient();
    expect((await logIn(jane)).body.outcome).toBe('failed');
    const path = `${CORE}/${owner}/certificate-logins`;
    const sending = { ...(await gateway()), body: { certificate: jane.pem } };
    expect(refusalOf(await send(fixture.app, 'POST', path, sending))).toEqual([403, ['errors.dataroomDenied']]);
    const missing = await fixture.policies.request('POST', '/nowhere/certificate-logins', {
      body: { certificate: jane.pem },
    });
    expect(refusalOf(missing)).toEqual([404, ['errors.noRecord']]);
  });
});

describe('15.1 the question', () => {
  test('15.1 a login without any certificate is 400, one that cannot be read 422, and the right is needed', async () => {
    expect(refusalOf(await request('POST', '/certificate-logins'))).toEqual([400, ['errors.malformedRequest']]);
    expect(refusalOf(await logIn({ pem: 'x' }))).toEqual([422, ['errors.invalidData']]);
    const helpdesk = {
      token: await fixture.app.token({ roles: ['nevisIdm.Helpdesk'], data_room: { clients: ['*'] } }),
    };
    expect(refusalOf(await logIn(jane, {}, helpdesk))).toEqual([403, ['errors.permissionDenied']]);
  });
});

/** As many connections as a client may hold, so that none of its logins waits, and none is refused however slow the machine is. */
const NEVER_WAITING = 8;

describe('15.3 counting', () => {
  test('15.3 a success is counted and dated in one write, without a new version, and has an audit event', async () => {
    await logIn(jane);
    const statements = await statementsOf(fixture.app.dataSource, async () => await logIn(jane, {}, await gateway()));
    expect(statements.filter((text) => /\b(?:insert|update|delete)\b/i.test(text))).toHaveLength(1);
    expect(await counters()).toEqual(['active', 2, 0, 1]);
    expect((await credential()).lastSuccessfulLoginDate).toBe(formatInstant(fixture.app.clock.now()));
    expect(await events()).toEqual([{ action: 'loggedIn', count: 2 }]);
  });

  test('15.3 a hundred logins at once are counted exactly', async () => {
    const sending = await gateway();
    const answers = await Promise.all(Array.from({ length: 100 }, async () => await logIn(jane, {}, sending)));
    expect(answers.every(({ status, body }) => status === 200 && body.outcome === 'ok')).toBe(true);
    expect(await counters()).toEqual(['active', 100, 0, 1]);
  });

  test('15.3 of successes and failures at once, each is counted and has an event, and none is 500', async () => {
    await fixture.policies.patch('p-1', { version: 1, parameters: { trustAnchors: 'set-1', ...UNLOCKED } });
    await fixture.patch({ intermediates: '' });
    const sending = await gateway();
    const chain = fixture.issuing.pem;
    const logIns = async (times: number, membersOf: (number: number) => object): Promise<Set<number>> => {
      const statuses = new Set<number>();
      const inTurn = async (first: number): Promise<void> => {
        for (let time = 0; time < times; time += 1) {
          statuses.add((await logIn(jane, membersOf(first + time), sending)).status);
        }
      };
      await Promise.all(Array.from({ length: NEVER_WAITING }, async (_, first) => await inTurn(first)));
      return statuses;
    };
    expect(await logIns(15, (number) => (number % 3 === 0 ? {} : { chain }))).toEqual(new Set([200]));
    expect((await credential()).successfulLoginCount).toBe(80);
    expect(await events()).toEqual([
      { action: 'loggedIn', count: 80 },
      { action: 'loginFailed', count: 40 },
    ]);
    await logIns(4, () => ({}));
    const failures = (await credential()).failedLoginCount;
    await logIn(jane, {}, sending);
    expect((await credential()).failedLoginCount).toBe(failures + 1);
    expect(failures).toBeGreaterThanOrEqual(4 * NEVER_WAITING);
  });

  test('5.2, 15.3 a certificate without a path fails, is counted, and locks as the policy says', async () => {
    await fixture.patch({ intermediates: '' });
    expect((await logIn(jane)).body.outcome).toBe('failed');
    expect((await counters()).slice(0, 3)).toEqual(['active', 0, 1]);
    for (let time = 0; time < 2; time += 1) await logIn(jane);
    expect((await logIn(jane)).body.outcome).toBe('locked');
    expect((await credential()).stateChangeReason).toBe('too-many-login-failures');
  });

  test('15.3 failures at once lock as those in a row do', async () => {
    await fixture.patch({ intermediates: '' });
    const sending = await gateway();
    await Promise.all(Array.from({ length: 20 }, async () => await logIn(jane, {}, sending)));
    const { failedLoginCount, stateName } = await credential();
    expect([stateName, failedLoginCount]).toEqual(['tmp-locked', 2]);
  });

  test('15.3 an anchor that has ended is no failure of the certificate', async () => {
    const ended = await testAuthority({ name: 'Root', notAfter: '2026-02-01T00:00:00Z' });
    await fixture.patch({ anchors: ended.pem, intermediates: fixture.issuing.pem });
    for (let time = 0; time < 4; time += 1) expect((await logIn(jane)).body.outcome).toBe('failed');
    expect((await counters()).slice(0, 3)).toEqual(['active', 0, 0]);
  });

  test('15.3 a credential that is disabled between match and count does not log in', async () => {
    await logIn(jane);
    const runner = fixture.app.dataSource.createQueryRunner();
    await runner.startTransaction();
    const of = [fixture.policies.client, 'cert'];
    await runner.query('select 1 from credentials where client_ext_id = $1 and ext_id = $2 for update', of);
    const login = logIn(jane);
    const waits = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    for (;;) if (((await fixture.app.dataSource.query(waits)) as unknown[]).length > 0) break;
    await runner.query(
      `update credentials set state = 'disabled', version = version + 1 where client_ext_id = $1 and ext_id = $2`,
      of,
    );
    await runner.commitTransaction();
    await runner.release();
    expect((await login).body.outcome).toBe('disabled');
    expect((await counters()).slice(0, 2)).toEqual(['disabled', 1]);
  });

  test('15.3 no index has a column that a login writes', async () => {
    const indexes = (await fixture.app.dataSource.query(
      `select indexdef from pg_indexes where tablename = 'credentials'`,
    )) as { indexdef: string }[];
    expect(indexes.length).toBeGreaterThan(3);
    const written =
      /\b(?:successes|failures|failures_since_lock|last_success|last_failure|lock|lock_reason|locked_until)\b/;
    expect(indexes.filter(({ indexdef }) => written.test(indexdef))).toEqual([]);
  });
});
