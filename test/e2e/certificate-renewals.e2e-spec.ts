/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { formatInstant } from '../../src/common/instant.js';
import type { Answer } from '../support/http.js';
import { generateKeyPair } from '../support/keys.js';
import { type CertificateRequest, testAuthority } from '../support/pki.js';
import { remediesOf, RenewalFixture } from '../support/renewal-fixture.js';
import { statementsOf } from '../support/statements.js';

let fixture: RenewalFixture;

beforeAll(async () => {
  fixture = await RenewalFixture.start();
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => await fixture.nextClient());

describe('15.5 a renewal at a login', () => {
  test('15.5 a later certificate of the same issuer and subject replaces the stored one, in one write', async () => {
    await fixture.logIn(fixture.first);
    let body: Answer['body'] = {};
    const statements = await statementsOf(fixture.app.dataSource, async () => {
      body = await fixture.logIn(fixture.second);
    });
    expect(statements.filter((text) => /\b(?:insert|update|delete)\b/i.test(text))).toHaveLength(1);
    expect(body).toMatchObject({ outcome: 'ok', userExtId: 'u-1', extId: 'cert', stateName: 'active' });
    expect(body.validity).toEqual({ from: '2026-02-01T00:00:00Z', to: body.usableUntil });
    const now = await fixture.credential('cert');
    expect(now).toMatchObject({
      version: 2,
      stateChangeReason: 'renewal',
      successfulLoginCount: 1,
      lastSuccessfulLoginDate: formatInstant(fixture.app.clock.now()),
    });
    expect(now.certificate).toBe(fixture.second.pem);
  });

  test('15.5 the history keeps the old certificate, and says from which to which', async () => {
    const { fingerprint: from } = await fixture.credential('cert');
    await fixture.logIn(fixture.second);
    const { fingerprint: to } = await fixture.credential('cert');
    expect(await fixture.denied()).toContain(`certificate ${String(from)}`);
    const [renewal] = (await fixture.history('cert')).filter(({ version }) => version === 2);
    expect(renewal?.changes).toMatchObject({ certificate: { from, to }, stateChangeReason: { to: 'renewal' } });
  });

  test('15.5 the old certificate no longer logs in, and does not come back', async () => {
    await fixture.logIn(fixture.second);
    const again = await fixture.logIn(fixture.first);
    expect(again.outcome).toBe('failed');
    expect(remediesOf(again)).toContain('begins later');
    expect((await fixture.logIn(fixture.second)).outcome).toBe('ok');
    expect((await fixture.credential('cert')).version).toBe(2);
  });

  test.each([
    [
      'the same serial number',
      async () => ({ serial: fixture.first.certificate.serialNumber, subject: [{ CN: ['Eve'] }] }),
    ],
    ['the same key', async () => ({ keys: fixture.first.keys, subject: [{ CN: ['Eve'] }] })],
    [
      'the same subject of an issuer outside the set',
      async () => ({ issuer: await testAuthority({ name: 'Issuing', keyType: 'EC-P384' }) }),
    ],
    [
      'the same subject of another issuer',
      async () => ({ issuer: await testAuthority({ name: 'Other', issuer: fixture.trust.root }) }),
    ],
    ['no subject', async () => ({ subject: [] })],
  ] as const)('15.5 %s renews nothing', async (_, members) => {
    const other = await fixture.leaf('2026-02-01T00:00:00Z', (await members()) as Partial<CertificateRequest>);
    expect((await fixture.logIn(other, { chain: fixture.first.pem })).outcome).toBe('failed');
    const { version, failedLoginCount } = await fixture.credential('cert');
    expect([version, failedLoginCount]).toEqual([1, 0]);
  });

  test.each([
    ['autoUpdate is false', { autoUpdate: 'false' }, 'autoUpdate'],
    ['its issuer is not listed', { issuerDNUpdateList: 'CN=Other' }, 'issuerDNUpdateList'],
  ])('15.5 nothing is renewed if %s', async (_, parameters, remedy) => {
    await fixture.setParameters(parameters);
    const body = await fixture.logIn(fixture.second);
    expect(body.outcome).toBe('failed');
    expect(remediesOf(body)).toContain(remedy);
  });

  test('15.5 a listed issuer renews, whatever the case of its name', async () => {
    const issuer = (await fixture.credential('cert')).issuerDN as string;
    await fixture.setParameters({ issuerDNUpdateList: `CN=Other|${issuer.replace('Issuing', 'ISSUING')}` });
    expect((await fixture.logIn(fixture.second)).outcome).toBe('ok');
  });

  test('15.5 a policy without trustAnchors renews nothing', async () => {
    const { body } = await fixture.request('GET', '/policies/p-1');
    await fixture.trust.policies.patch('p-1', { version: body.version as number, parameters: {} });
    const answer = await fixture.logIn(fixture.second);
    expect([answer.outcome, remediesOf(answer)]).toEqual(['failed', expect.stringContaining('trustAnchors')]);
  });

  test('15.5 two active credentials with its names, also of two users, are renewed by none', async () => {
    await fixture.register(fixture.second, 'other', 'u-2');
    const third = await fixture.leaf('2026-03-01T00:00:00Z');
    const body = await fixture.logIn(third);
    expect([body.outcome, remediesOf(body)]).toEqual(['failed', expect.stringContaining('Several')]);
  });

  test.each(['disabled', 'fail-locked', 'initial'])(
    '15.5 a certificate with the names of two users renews none, also if the credential of one is %s',
    async (stateName) => {
      await fixture.register(fixture.second, 'other', 'u-2');
      await fixture.request('PATCH', '/users/u-2/certificates/other', { body: { stateName } });
      const third = await fixture.leaf('2026-03-01T00:00:00Z');
      const body = await fixture.logIn(third);
      expect([body.outcome, remediesOf(body)]).toEqual(['failed', expect.stringContaining('Another user')]);
      expect((await fixture.credential('cert')).certificate).toBe(fixture.first.pem);
      // What is archived is used by nobody.
      await fixture.request('PATCH', '/users/u-2/certificates/other', { body: { stateName: 'active' } });
      await fixture.request('POST', '/users/u-2/archive');
      await fixture.app.dataSource.query(
        `update credentials set state = 'archived' where client_ext_id = $1 and ext_id = 'other'`,
        [fixture.trust.policies.client],
      );
      expect((await fixture.logIn(third)).outcome).toBe('ok');
    },
  );

  test('15.5 a CA that the set does not know, but whose name is that of the issuer, renews nothing by way of chain', async () => {
    const { root } = fixture.trust;
    const department = await testAuthority({ name: 'Department', issuer: root });
    const keys = await generateKeyPair('EC-P256');
    const impostor = await testAuthority({ name: 'Issuing', issuer: department, keys });
    const other = await fixture.leaf('2026-02-01T00:00:00Z', { issuer: impostor });
    const chain = impostor.pem + department.pem;
    const body = await fixture.logIn(other, { chain });
    expect([body.outcome, body.explanation.path.proven]).toEqual(['failed', false]);
    expect((await fixture.credential('cert')).certificate).toBe(fixture.first.pem);
    // An upload is decided in the same way: chain is no part of it.
    const sent = { certificate: other.pem, extId: 'other', policyExtId: 'p-1' };
    expect((await fixture.request('POST', '/users/u-1/certificates', { body: sent })).status).toBe(422);
  });

  test('15.5 neither a locked nor a disabled credential, nor that of a suspended user, is renewed', async () => {
    for (const stateName of ['fail-locked', 'disabled']) {
      await fixture.request('PATCH', `/users/u-1/certificates/cert`, { body: { stateName } });
      expect((await fixture.logIn(fixture.second)).outcome).toBe('failed');
    }
    await fixture.request('PATCH', `/users/u-1/certificates/cert`, { body: { stateName: 'active' } });
    await fixture.request('PATCH', '/users/u-1', { body: { userState: 'disabled' } });
    expect((await fixture.logIn(fixture.second)).outcome).toBe('failed');
    expect((await fixture.credential('cert')).certificate).toBe(fixture.first.pem);
  });

  test('15.5 twenty logins at once renew once, and each is counted', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, async () => await fixture.logIn(fixture.second)));
    expect(new Set(answers.map(({ outcome }) => outcome as string))).toEqual(new Set(['ok']));
    const { version, successfulLoginCount } = await fixture.credential('cert');
    expect([version, successfulLoginCount]).toEqual([2, 20]);
  });

  test('15.5 two different renewals at once: the later one stays', async () => {
    const third = await fixture.leaf('2026-03-01T00:00:00Z');
    await Promise.all([fixture.logIn(fixture.second), fixture.logIn(third)]);
    await fixture.logIn(third);
    expect((await fixture.credential('cert')).certificate).toBe(third.pem);
    expect((await fixture.logIn(fixture.second)).outcome).toBe('failed');
  });

  test('15.5 a renewal while an administrator patches loses neither change', async () => {
    const patches = Array.from({ length: 10 }, async (_, index) => {
      const body = { modificationComment: `comment ${index}` };
      return (await fixture.request('PATCH', `/users/u-1/certificates/cert`, { body })).status;
    });
    const [{ outcome }, ...statuses] = await Promise.all([fixture.logIn(fixture.second), ...patches]);
    expect([outcome, new Set(statuses)]).toEqual(['ok', new Set([200])]);
    const { version, certificate } = await fixture.credential('cert');
    expect([version, certificate]).toEqual([12, fixture.second.pem]);
  });
});
