/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { type Answer, codesOf, fieldsOf, refusalOf, type Sending } from '../support/http.js';
import { type CertificateRequest, issueCertificate } from '../support/pki.js';
import { TrustFixture } from '../support/trust-fixture.js';

let fixture: TrustFixture;

beforeAll(async () => {
  fixture = await TrustFixture.start();
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => {
  const { policies } = fixture;
  await policies.nextClient();
  await policies.builders.policy(policies.client, 'default');
  for (const user of ['u-1', 'u-2']) await policies.builders.user(policies.client, user, { familyName: 'Doe' });
  await fixture.create({ intermediates: fixture.issuing.pem });
  await fixture.createPolicy();
});

const leaf = async (request: Partial<CertificateRequest> = {}): Promise<string> => {
  const extensions = { subjectKeyIdentifier: true, ...request.extensions } as const;
  return (await issueCertificate({ subject: [{ CN: ['Jane'] }], issuer: fixture.issuing, ...request, extensions })).pem;
};

/** RFC 5280 section 4.2.1.1: it must not be critical. */
const CRITICAL_IDENTIFIER = { oid: '2.5.29.35', critical: true, value: '3003800101' };

const E1 = () => `/${fixture.policies.client}/certificates/explain`;
const E3 = (user = 'u-1') => `/${fixture.policies.client}/users/${user}/certificates/explain`;

const explain = async (body: object, path = E1(), sending: Sending = {}): Promise<Answer> =>
  await fixture.policies.request('POST', path, { body, ...sending });

const upload = async (body: object, user = 'u-1'): Promise<Answer> =>
  await fixture.policies.request('POST', `/${fixture.policies.client}/users/${user}/certificates`, { body });

const asSelf = async (sub = 'u-1') => ({
  token: await fixture.app.token({
    roles: ['nevisIdm.SelfAdmin'],
    sub,
    client_ext_id: fixture.policies.client,
    data_room: undefined,
  }),
});

async function stored(): Promise<unknown> {
  return await fixture.app.dataSource.query(
    `select (select count(*) from audit_events) as events, (select count(*) from credentials) as credentials`,
  );
}

/** The verdict and the rules, as an answer to an upload or a PATCH has them. */
function resultOf({ status, body }: Answer): [string, unknown] {
  return status === 422
    ? ['refused', body.errors.map(({ rule, found }: Record<string, string>) => [rule, found])]
    : [body['stateName'] === 'disabled' ? 'disabled' : 'accepted', body['_policyOutcome']];
}

describe('an explanation', () => {
  test('14.1 has the verdict, every member of the certificate, the rules and the path, and changes nothing', async () => {
    const before = await stored();
    const certificate = await leaf();
    const answer = await explain({ certificate, userExtId: 'u-1', policyExtId: 'p-1', chain: certificate });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      verdict: 'accepted',
      purpose: 'upload',
      userExtId: 'u-1',
      policyExtId: 'p-1',
      certificate: {
        subjectDN: 'CN=Jane',
        keyType: 'EC:P-256',
        signatureAlgorithm: 'ecdsa-with-SHA256',
        crlAddresses: [],
      },
      findings: [],
      path: { proven: true, certificates: [{ subjectDN: 'CN=Jane' }, {}, {}] },
      revocation: { checked: false },
      owner: { registered: false },
      conflicts: [],
      remedies: [],
      notes: ['chain was ignored: an upload has the intermediates of the trust-anchor set.'],
    });
    expect(await stored()).toEqual(before);
  });

  test('14.1 a certificate that would be refused is explained with every remedy', async () => {
    const certificate = await leaf({ issuer: fixture.root, notAfter: '2026-02-01T00:00:00Z' });
    const { body } = await explain({ certificate, policyExtId: 'p-1' });
    expect(body).toMatchObject({ verdict: 'refused', path: { proven: false, rejected: [{ reason: 'expired' }] } });
    expect(body.remedies).toContain('Renew it. If it is the certificate of a CA, add its successor to the set.');
    expect(body.notes).toEqual(['No user was named, so that a rule about the user cannot pass.']);
    const then = await explain({ certificate, policyExtId: 'p-1', at: '2026-01-15T00:00:00Z' });
    expect(then.body).toMatchObject({ verdict: 'accepted', at: '2026-01-15T00:00:00Z' });
  });

  test('14.1 a finding has its code, part, detail and section', async () => {
    const certificate = await leaf({ extensions: { other: [CRITICAL_IDENTIFIER] } });
    const { body } = await explain({ certificate, policyExtId: 'p-1' });
    expect(body.findings).toEqual([
      {
        code: 'critical',
        part: 'authorityKeyIdentifier',
        detail: 'It is critical.',
        section: 'RFC 5280 section 4.2.1.1',
      },
    ]);
    expect(body.verdict).toBe('refused');
  });

  test('14.1 a registered certificate is explained for its user and by its policy, and is a conflict', async () => {
    const certificate = await leaf();
    await upload({ certificate, extId: 'cert', policyExtId: 'p-1' });
    const { body } = await explain({ certificate });
    expect(body).toMatchObject({
      verdict: 'refused',
      userExtId: 'u-1',
      policyExtId: 'p-1',
      owner: { registered: true, userExtId: 'u-1', extId: 'cert', policyExtId: 'p-1', stateName: 'active' },
      conflicts: [{ code: 'errors.certificateExists' }],
    });
    await fixture.policies.request('POST', `/${fixture.policies.client}/users/u-1/archive`, {});
    expect((await explain({ certificate: await leaf(), userExtId: 'u-1' })).body).toMatchObject({
      verdict: 'refused',
      conflicts: [{ code: 'errors.recordDeleted' }],
    });
  });

  test('14.1, 15.2 with purpose login, the registered credential decides, and the presented chain completes the path', async () => {
    const certificate = await leaf();
    const login = async (members: object = {}) => (await explain({ certificate, purpose: 'login', ...members })).body;
    expect(await login()).toMatchObject({ verdict: 'failed', owner: { registered: false } });
    await upload({ certificate, extId: 'cert', policyExtId: 'p-1' });
    expect(await login()).toMatchObject({ verdict: 'ok', userExtId: 'u-1', policyExtId: 'p-1' });
    await fixture.patch({ intermediates: '' });
    expect(await login()).toMatchObject({ verdict: 'failed', path: { proven: false } });
    expect(await login({ chain: fixture.issuing.pem })).toMatchObject({ verdict: 'ok' });
    expect(await login({ chain: fixture.issuing.pem, at: '2030-01-01T00:00:00Z' })).toMatchObject({
      verdict: 'failed',
    });
    const credential = `/${fixture.policies.client}/users/u-1/certificates/cert`;
    for (const [stateName, verdict] of [
      ['fail-locked', 'locked'],
      ['disabled', 'disabled'],
    ]) {
      await fixture.policies.request('PATCH', credential, { body: { stateName } });
      expect(await login({ chain: fixture.issuing.pem })).toMatchObject({ verdict });
    }
    const { body } = await fixture.policies.request('GET', credential);
    expect(body).toMatchObject({ successfulLoginCount: 0, failedLoginCount: 0 });
  });

  test('14.2 verdict and rules are those of a dry run, of an upload and of a PATCH', async () => {
    await fixture.createPolicy('set-1', {
      extId: 'p-2',
      name: 'Tolerant',
      parameters: {
        trustAnchors: 'set-1',
        certificateUploadCheck: 'tolerant',
        certificateUploadAllowedIssuerCNList: 'Root',
      },
    });
    const credentials = `/${fixture.policies.client}/users/u-1/certificates`;
    const flaws: Partial<CertificateRequest>[] = [
      {},
      { issuer: fixture.root },
      { notAfter: '2026-02-01T00:00:00Z' },
      { extensions: { other: [CRITICAL_IDENTIFIER] }, issuer: fixture.root },
      { extensions: { extendedKeyUsage: ['serverAuth'] } },
      { extensions: { keyUsage: ['keyAgreement'] } },
    ];
    for (const policyExtId of ['default', 'p-1', 'p-2']) {
      const current = {
        certificate: await leaf({ subject: [{ CN: ['old'] }] }),
        extId: `of-${policyExtId}`,
        policyExtId,
      };
      const registered = (await upload(current)).status === 201;
      for (const [index, flaw] of flaws.entries()) {
        const certificate = await leaf({ subject: [{ CN: [`${policyExtId} ${index}`] }], ...flaw });
        const { body } = await explain({ certificate, userExtId: 'u-1', policyExtId });
        const failed = body.rules
          .filter(
            ({ passed, rule }: { passed: boolean; rule: string }) =>
              !passed && !(body.verdict === 'refused' && rule.endsWith('CNList')),
          )
          .map(({ rule, found }: Record<string, string>) => [rule, found]);
        const expected = [body.verdict, body.verdict === 'refused' ? failed : body.rules];
        const request = async (method: string, path: string, sent: object) =>
          resultOf(await fixture.policies.request(method, path, { body: sent }));
        if (registered) {
          const patch = `${credentials}/of-${policyExtId}`;
          expect(await request('PATCH', `${patch}?dryRun=true`, { certificate }), `${policyExtId} ${index}`).toEqual(
            expected,
          );
        }
        expect(await request('POST', `${credentials}?dryRun=true`, { certificate, policyExtId })).toEqual(expected);
        expect((await request('POST', credentials, { certificate, policyExtId }))[0]).toBe(body.verdict);
      }
    }
  });
});

describe('who may ask', () => {
  test.each([
    ['E1', E1],
    ['E3', E3],
  ])('4.3 %s is 403 without CredentialView, and from another client', async (_, path) => {
    const certificate = await leaf();
    const asked = async (claims: object) =>
      await explain({ certificate }, path(), {
        token: await fixture.app.token({ roles: undefined, data_room: { clients: ['*'] }, ...claims }),
      });
    const view = ['AccessControl.CredentialView'];
    expect(codesOf(await asked({ permissions: ['AccessControl.CredentialModify'] }))).toEqual([
      'errors.permissionDenied',
    ]);
    const foreign = await asked({ permissions: view, data_room: { clients: ['elsewhere'] } });
    expect(refusalOf(foreign)).toEqual([403, ['errors.dataroomDenied']]);
    expect((await asked({ permissions: view })).status).toBe(200);
  });

  test('14.3 users learn whether a certificate is registered, but not whose it is, and choose no policy', async () => {
    const certificate = await leaf();
    await upload({ certificate, extId: 'cert', policyExtId: 'p-1' }, 'u-2');
    const own = await explain({ certificate }, E3(), await asSelf());
    expect(own.status).toBe(200);
    expect(own.body).toMatchObject({ userExtId: 'u-1', policyExtId: 'default', owner: { registered: true } });
    expect(JSON.stringify(own.body)).not.toMatch(/u-2|"cert"/);
    expect(own.body.conflicts).toEqual([
      { code: 'errors.certificateExists', message: 'This certificate is already registered in this client.' },
    ]);
    const login = await explain({ certificate, purpose: 'login' }, E3(), await asSelf());
    expect(login.body).toMatchObject({ verdict: 'failed', rules: [] });
    const chosen = await explain({ certificate, policyExtId: 'p-1' }, E3(), await asSelf());
    expect([chosen.status, fieldsOf(chosen)]).toEqual([403, ['policyExtId']]);
    for (const path of [E1(), E3('u-2')])
      expect((await explain({ certificate }, path, await asSelf())).status).toBe(403);
  });

  test('4.4 a user who is not active may not ask', async () => {
    await fixture.policies.builders.user(fixture.policies.client, 'u-3', { state: 'disabled' });
    const certificate = await leaf();
    for (const purpose of ['upload', 'login']) {
      expect((await explain({ certificate, purpose }, E3('u-3'), await asSelf('u-3'))).status).toBe(403);
    }
  });

  test('14.1 an unknown user or client is 404, an unknown policy and bad members are 422, all at once', async () => {
    const certificate = await leaf();
    expect((await explain({ certificate }, E3('nobody'))).status).toBe(404);
    expect((await explain({ certificate, userExtId: 'nobody' })).status).toBe(404);
    expect((await explain({ certificate }, '/nowhere/certificates/explain')).status).toBe(404);
    for (const members of [{}, { userExtId: 'u-1' }]) {
      expect(fieldsOf(await explain({ certificate, policyExtId: 'nowhere', ...members }))).toEqual(['policyExtId']);
    }
    const bad = await explain({ chain: 'x', at: 'tomorrow', purpose: 'signing', userExtId: '', more: 1 });
    expect([bad.status, new Set(fieldsOf(bad))]).toEqual([
      422,
      new Set(['at', 'certificate', 'chain', 'more', 'purpose', 'userExtId']),
    ]);
    expect(fieldsOf(await explain({ certificate, userExtId: 'u-1' }, E3()))).toEqual(['userExtId']);
  });
});
