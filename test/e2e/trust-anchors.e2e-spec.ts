/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { TrustService } from '../../src/trust/trust.service.js';
import { type Answer, refusalOf } from '../support/http.js';
import { type CertificateRequest, type IssuedCertificate, issueCertificate, testAuthority } from '../support/pki.js';
import { statementsOf } from '../support/statements.js';
import { TrustFixture } from '../support/trust-fixture.js';

let fixture: TrustFixture;

beforeAll(async () => {
  fixture = await TrustFixture.start();
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => {
  await fixture.policies.nextClient();
  await fixture.policies.builders.user(fixture.policies.client, 'u-1');
});

const leaf = async (request: Partial<CertificateRequest> = {}): Promise<IssuedCertificate> =>
  await issueCertificate({
    subject: [{ CN: ['Jane'] }],
    issuer: fixture.issuing,
    ...request,
    extensions: { subjectKeyIdentifier: true, ...request.extensions },
  });

const path = (suffix = '') => `/${fixture.policies.client}/users/u-1/certificates${suffix}`;

const post = async ({ pem }: { readonly pem: string }, suffix = '', members: object = {}): Promise<Answer> =>
  await fixture.policies.request('POST', path(suffix), { body: { certificate: pem, policyExtId: 'p-1', ...members } });

/** Creates the set, and a policy that names it. */
async function trusting(anchors: string, parameters: object = {}, intermediates = ''): Promise<void> {
  expect((await fixture.create({ anchors, intermediates })).status).toBe(201);
  expect((await fixture.createPolicy('set-1', { parameters: { trustAnchors: 'set-1', ...parameters } })).status).toBe(
    201,
  );
}

const outcomeOf = (answer: Answer, rule = 'trustAnchors') =>
  (answer.body.errors ?? answer.body['_policyOutcome']).find((outcome: { rule?: string }) => outcome.rule === rule);

describe('a policy with trust anchors', () => {
  test('12.1 a certificate with a path over an intermediate of the set is registered, as active', async () => {
    await trusting(fixture.root.pem, {}, fixture.issuing.pem);
    expect((await post(await leaf())).body).toMatchObject({ stateName: 'active', version: 1 });
  });

  test('12.4, 14.4 absent certificateUploadCheck is strict: without a path it is refused, with the members of 6.3 and no path', async () => {
    await trusting(fixture.root.pem);
    const refused = await post(await leaf());
    expect(refusalOf(refused)).toEqual([422, ['errors.certificatePolicyViolated']]);
    expect(refused.body.errors[0]).toEqual({
      code: 'errors.certificatePolicyViolated',
      message: expect.stringContaining('No certificate of the set has the name of its issuer'),
      field: 'certificate',
      rule: 'trustAnchors',
      parameter: 'trustAnchors',
      expected: 'a path to an anchor of "Corporate"',
      found: expect.stringMatching(/^no path: .*RFC 5280 section 6\.1\.3 \(a\)\(4\)$/),
      remedy: expect.stringMatching(/^Add the CA to the set/),
      requestId: expect.any(String),
    });
  });

  test('12.4 a tolerant policy stores it as disabled, with the rule in the detail', async () => {
    await trusting(fixture.root.pem, { certificateUploadCheck: 'tolerant' });
    expect((await post(await leaf())).body).toMatchObject({
      stateName: 'disabled',
      stateChangeReason: 'policy-check-failed',
      stateChangeDetail: expect.stringContaining('trustAnchors'),
    });
  });

  test('12.4 a dry run has the path from the certificate to the anchor', async () => {
    await trusting(fixture.root.pem, {}, fixture.issuing.pem);
    const accepted = await post(await leaf(), '?dryRun=true');
    expect(accepted.status).toBe(201);
    expect(outcomeOf(accepted)).toMatchObject({
      passed: true,
      found: 'a path of 3 certificates to CN=Root,O=Test AG,C=CH',
      path: {
        proven: true,
        certificates: [
          { subjectDN: 'CN=Jane' },
          { subjectDN: 'CN=Issuing,O=Test AG,C=CH' },
          { subjectDN: 'CN=Root,O=Test AG,C=CH' },
        ],
        rejected: [],
        omitted: 0,
      },
    });
  });

  test('12.4 a dry run that is refused has the best attempt, and why each candidate was rejected', async () => {
    const old = await testAuthority({ name: 'Issuing', issuer: fixture.root, notAfter: '2021-01-01T00:00:00Z' });
    await trusting(fixture.root.pem, {}, old.pem);
    const refused = await post(await leaf(), '?dryRun=true');
    expect(refused.status).toBe(422);
    expect(outcomeOf(refused)).toMatchObject({
      remedy: 'Renew it. If it is the certificate of a CA, add its successor to the set.',
      path: {
        proven: false,
        certificates: [{ subjectDN: 'CN=Jane' }],
        rejected: [
          { subjectDN: 'CN=Issuing,O=Test AG,C=CH', reason: 'expired', section: 'RFC 5280 section 6.1.3 (a)(2)' },
        ],
      },
    });
  });

  test('12.5 the name of a listed issuer counts only with a proven path', async () => {
    const parameters = { certificateUploadCheck: 'tolerant', certificateUploadAllowedIssuerCNList: 'Issuing' };
    await trusting(fixture.root.pem, parameters, fixture.issuing.pem);
    const homeMade = await testAuthority({ name: 'Issuing', keyType: 'EC-P384' });
    const forged = await post(await leaf({ issuer: homeMade }), '?dryRun=true');
    expect(forged.body.stateName).toBe('disabled');
    expect(outcomeOf(forged, 'certificateUploadAllowedIssuerCNList')).toMatchObject({
      passed: false,
      found: 'Issuing, without a path to an anchor',
    });
    expect((await post(await leaf())).body.stateName).toBe('active');
  });

  test('12.3 the purposes that the policy requires are asked of the path instead of clientAuth', async () => {
    const web = await testAuthority({
      name: 'Web',
      issuer: fixture.root,
      extensions: { extendedKeyUsage: ['serverAuth'] },
    });
    await trusting(fixture.root.pem, { requiredExtendedKeyUsage: 'serverAuth' }, web.pem);
    const purposes = { extensions: { extendedKeyUsage: ['serverAuth'] } };
    expect((await post(await leaf({ issuer: web, ...purposes }))).status).toBe(201);
    await fixture.policies.patch('p-1', { parameters: { trustAnchors: 'set-1' } });
    expect(outcomeOf(await post(await leaf({ issuer: web, ...purposes })))).toMatchObject({ rule: 'trustAnchors' });
  });

  test('6.1 a policy whose set cannot be read refuses', async () => {
    await trusting(fixture.root.pem, {}, fixture.issuing.pem);
    await fixture.app.dataSource.query(
      `update trust_anchor_sets set anchors = array['\\x3000'::bytea], version = version + 1 where client_ext_id = $1`,
      [fixture.policies.client],
    );
    expect(outcomeOf(await post(await leaf()))).toMatchObject({
      found: 'no path, because the certificates of the set cannot be read',
    });
  });
});

describe('certificates of a set', () => {
  test('11.2 a certificate of the set that cannot be read is 422, and nothing is stored', async () => {
    expect(refusalOf(await fixture.create({ anchors: fixture.root.pem.replace('MI', 'NI') }))).toEqual([
      422,
      ['errors.invalidData'],
    ]);
    expect((await fixture.read()).status).toBe(404);
  });

  test('11.1 a certificate that is there twice is 422', async () => {
    expect((await fixture.create({ intermediates: fixture.root.pem })).status).toBe(422);
  });

  test.each<[string, string, () => Promise<{ anchor: IssuedCertificate; extra?: string }>]>([
    [
      'an expired anchor',
      'expired',
      async () => ({ anchor: await testAuthority({ name: 'Old', notAfter: '2021-01-01T00:00:00Z' }) }),
    ],
    [
      'an anchor that is no CA',
      'notCa',
      async () => ({ anchor: await testAuthority({ name: 'None', extensions: { basicConstraints: { ca: false } } }) }),
    ],
    [
      'an anchor that may not sign certificates',
      'keyUsage',
      async () => ({ anchor: await testAuthority({ name: 'CRL', extensions: { keyUsage: ['cRLSign'] } }) }),
    ],
    [
      'an anchor whose name constraint excludes the certificate',
      'nameConstraints',
      async () => ({
        // permittedSubtrees: dNSName a.test
        anchor: await testAuthority({
          name: 'Constrained',
          extensions: {
            other: [
              {
                oid: '2.5.29.30',
                critical: true,
                value: '300ca00a30088206612e74657374',
              },
            ],
          },
        }),
      }),
    ],
  ])('11.2 %s anchors nothing', async (_, reason, make) => {
    const { anchor } = await make();
    await trusting(anchor.pem);
    const refused = await post(
      await leaf({ issuer: anchor, extensions: { subjectAlternativeNames: [{ type: 'dns', value: 'b.test' }] } }),
      '?dryRun=true',
    );
    expect(outcomeOf(refused)?.path.rejected.map((one: { reason: string }) => one.reason)).toContain(reason);
  });

  test('12.2 of two CAs of one name, the one whose key made the signature proves the path', async () => {
    const twin = await testAuthority({ name: 'Issuing', issuer: fixture.root, keyType: 'EC-P384' });
    await trusting(fixture.root.pem, {}, fixture.issuing.pem + twin.pem);
    for (const issuer of [fixture.issuing, twin]) {
      expect((await post(await leaf({ issuer, subject: [{ CN: [`of ${issuer.der.length}`] }] }))).status).toBe(201);
    }
    const other = await testAuthority({ name: 'Issuing', issuer: fixture.root, keyType: 'RSA-2048' });
    expect(outcomeOf(await post(await leaf({ issuer: other })))).toMatchObject({
      remedy: expect.stringContaining('anybody can give a CA of their own this name'),
    });
  });

  test('12.1 a self-signed leaf that is its own anchor passes only as a CA that may log in', async () => {
    const user = await issueCertificate({ subject: [{ CN: ['Own'] }] });
    await trusting(user.pem);
    expect(outcomeOf(await post(user))).toBeDefined();
    await fixture.patch({ anchors: fixture.root.pem });
    const ca = await post(fixture.root, '?dryRun=true');
    // Its key usage has keyCertSign only, so it is no certificate for a client.
    expect(outcomeOf(ca).path.rejected[0]).toMatchObject({ reason: 'keyUsage' });
  });

  test('12.1 a leaf among the intermediates proves nothing', async () => {
    const stray = await leaf({ issuer: await testAuthority({ name: 'Stray' }) });
    await trusting(fixture.root.pem, {}, stray.pem);
    expect(outcomeOf(await post(stray))).toBeDefined();
    const below = await leaf({ issuer: stray, subject: [{ CN: ['Below'] }] });
    expect(outcomeOf(await post(below, '?dryRun=true')).path.rejected[0]).toMatchObject({ reason: 'notCa' });
  });
});

describe('statements', () => {
  test('3.4, 11.3 the set is read once for each version, and never for a comment', async () => {
    await trusting(fixture.root.pem, {}, fixture.issuing.pem);
    const count = async (work: () => Promise<Answer>) => {
      const statements = await statementsOf(fixture.app.dataSource, async () =>
        expect((await work()).status).toBeLessThan(300),
      );
      return statements.length;
    };
    const change = async (body: object) => await fixture.policies.request('PATCH', path('/cert'), { body });
    const renewed = async (name: string) => ({ certificate: (await leaf({ subject: [{ CN: [name] }] })).pem });
    const first = await leaf();
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(renewed));
    expect(await count(async () => await post(first, '', { extId: 'cert' }))).toBe(3);
    expect(await count(async () => await change({ modificationComment: 'only this' }))).toBe(2);
    expect(await count(async () => await change(a as object))).toBe(2);
    await fixture.patch({ description: 'another version' });
    expect(await count(async () => await change({ modificationComment: 'and this' }))).toBe(2);
    expect(await count(async () => await change(b as object))).toBe(3);
    expect(await count(async () => await change(c as object))).toBe(2);
  });

  test('11.3, 3.4 a set that changes between the read of a PATCH and that of the set is read again', async () => {
    await trusting(fixture.root.pem, {}, fixture.issuing.pem);
    await post(await leaf(), '', { extId: 'cert' });
    const trust = fixture.app.get(TrustService);
    const { setOfPolicy } = trust;
    for (const [suffix, status] of [
      ['/cert?dryRun=true', 422],
      ['/cert', 422],
    ] as const) {
      // Not cached in this version.
      await fixture.patch({ description: suffix });
      let calls = 0;
      trust.setOfPolicy = async (...parameters) => {
        calls += 1;
        // The set loses its intermediates after the row was read.
        if (calls === 1) await fixture.patch({ intermediates: '' });
        return await setOfPolicy.apply(trust, parameters);
      };
      try {
        const { pem: certificate } = await leaf({ subject: [{ CN: ['next'] }] });
        const answer = await fixture.policies.request('PATCH', path(suffix), { body: { certificate } });
        expect([answer.status, outcomeOf(answer)?.rule]).toEqual([status, 'trustAnchors']);
      } finally {
        trust.setOfPolicy = setOfPolicy;
      }
      await fixture.patch({ intermediates: fixture.issuing.pem });
    }
  });
});
