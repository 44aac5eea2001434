/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Sending } from '../support/http.js';
import type { IssuedCertificate } from '../support/pki.js';
import { RenewalFixture } from '../support/renewal-fixture.js';
import { statementsOf } from '../support/statements.js';

let fixture: RenewalFixture;

beforeAll(async () => {
  fixture = await RenewalFixture.start();
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => await fixture.nextClient());

describe('15.5, 15.9 the check of a certificate that renews', () => {
  test('15.9 it passes, as a login with it would, and nothing is written', async () => {
    const headers = { 'Client-Cert': `:${fixture.second.der.toString('base64')}:` };
    const check = async () => await fixture.request('GET', '/certificate-logins/check', { headers });
    await check();
    let answer = await check();
    const statements = await statementsOf(fixture.app.dataSource, async () => {
      answer = await check();
    });
    expect(statements.filter((text) => /\b(?:insert|update|delete)\b/i.test(text))).toEqual([]);
    const names = ['X-User-Ext-Id', 'X-Credential-Ext-Id'];
    expect([answer.status, ...names.map((name) => answer.headers.get(name))]).toEqual([204, 'u-1', 'cert']);
    const until = answer.headers.get('X-Usable-Until');
    expect((await fixture.credential('cert')).certificate).toBe(fixture.first.pem);
    expect((await fixture.logIn(fixture.second)).usableUntil).toBe(until);
    const former = { 'Client-Cert': `:${fixture.first.der.toString('base64')}:` };
    expect((await fixture.request('GET', '/certificate-logins/check', { headers: former })).status).toBe(403);
  });

  test('15.9 it is refused where a login with it would be', async () => {
    await fixture.setParameters({ autoUpdate: 'false' });
    const headers = { 'Client-Cert': `:${fixture.second.der.toString('base64')}:` };
    expect((await fixture.request('GET', '/certificate-logins/check', { headers })).status).toBe(403);
  });
});

/** What explain says about a login with it, and then what the login says. */
const explainedAndDone = async (certificate: IssuedCertificate, sending: Sending = {}) => {
  const body = { certificate: certificate.pem, purpose: 'login' };
  const paths = ['/certificates/explain', '/users/u-1/certificates/explain'];
  const explained = [];
  for (const path of paths) explained.push((await fixture.request('POST', path, { body, ...sending })).body);
  return { explained, done: await fixture.logIn(certificate) };
};

describe('14.2, 15.5 explanations of a renewal', () => {
  test('14.2 they say that a login would succeed, whose it would be, and which credential it would renew', async () => {
    const { explained, done } = await explainedAndDone(fixture.second);
    expect(done).toMatchObject({ outcome: 'ok', userExtId: 'u-1', extId: 'cert' });
    for (const each of explained) {
      expect(each).toMatchObject({ verdict: 'ok', userExtId: 'u-1', policyExtId: 'p-1', path: { proven: true } });
      expect(each).toMatchObject({ owner: { registered: false }, remedies: [] });
      expect(each.notes).toContainEqual(expect.stringContaining('the credential cert'));
    }
  });

  test.each<[string, () => Promise<unknown>]>([
    ['autoUpdate is false', async () => await fixture.setParameters({ autoUpdate: 'false' })],
    ['its issuer is not listed', async () => await fixture.setParameters({ issuerDNUpdateList: 'CN=Other' })],
    ['an upload of it would be refused', async () => await fixture.setParameters({ keyTypes: 'RSA:2048' })],
    ['the set does not lead to an anchor', async () => await fixture.trust.patch({ intermediates: '' })],
    [
      'two credentials have its names',
      async () => await fixture.register(await fixture.leaf('2026-01-15T00:00:00Z'), 'b'),
    ],
    [
      'the user is disabled',
      async () => await fixture.request('PATCH', '/users/u-1', { body: { userState: 'disabled' } }),
    ],
  ])('14.2 they have the rules, the path and the remedies of the login, if %s', async (_, change) => {
    await change();
    const { explained, done } = await explainedAndDone(fixture.second);
    expect(done.outcome).toBe('failed');
    const { verdict, userExtId, policyExtId, rules, path, revocation, remedies } = done.explanation;
    for (const each of explained) {
      expect(each).toMatchObject({ verdict, rules, revocation, remedies });
      expect([each.userExtId, each.policyExtId, each.path]).toEqual([userExtId, policyExtId, path]);
    }
  });

  test('14.1 at another time they say what a login would do then', async () => {
    const body = { certificate: fixture.second.pem, purpose: 'login', at: '2026-01-15T00:00:00Z' };
    const { body: before } = await fixture.request('POST', '/certificates/explain', { body });
    expect([before.verdict, before.userExtId]).toEqual(['failed', 'u-1']);
  });

  test('14.3 users learn it of their own credential, and nothing of those of others', async () => {
    const asSelf = async (sub: string) => ({
      token: await fixture.app.token({
        roles: ['nevisIdm.SelfAdmin'],
        sub,
        client_ext_id: fixture.trust.policies.client,
        data_room: undefined,
        exp: Date.UTC(2100, 0) / 1000,
      }),
    });
    const explain = async (sub: string) => {
      const body = { certificate: fixture.second.pem, purpose: 'login' };
      return (await fixture.request('POST', `/users/${sub}/certificates/explain`, { body, ...(await asSelf(sub)) }))
        .body;
    };
    const unknown = await explain('u-2');
    expect(unknown).toMatchObject({ verdict: 'failed', rules: [], owner: { registered: false } });
    expect(JSON.stringify(unknown)).not.toMatch(/u-1|p-1|"cert"|renew/);
    expect(await explain('u-1')).toMatchObject({ verdict: 'ok', userExtId: 'u-1', owner: { registered: false } });
    await fixture.register(await fixture.leaf('2026-01-15T00:00:00Z'), 'other', 'u-2');
    for (const stateName of ['active', 'disabled']) {
      await fixture.request('PATCH', '/users/u-2/certificates/other', { body: { stateName } });
      const { remedies } = await explain('u-1');
      expect(remedies).toEqual(unknown.remedies);
    }
  });
});
