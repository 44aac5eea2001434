/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { PathTurns } from '../../src/certificates/path-turns.js';
import { toPem } from '../../src/x509/certificate/pem.js';
import { refusalOf } from '../support/http.js';
import { outcomeOf, REVOKED, RevocationRequests } from '../support/revocation-requests.js';
import { authority } from '../support/signed-certificate.js';
import { crlDer, revoked } from '../support/signed-crl.js';

let fixture: RevocationRequests;

beforeAll(async () => {
  fixture = await RevocationRequests.start();
});

afterAll(async () => await fixture.close());

beforeEach(async () => await fixture.nextClient());

/** As an OCSP response has it, so many minutes from now. */
function timeIn(minutes: number): string {
  const time = new Date(fixture.policies.app.clock.now().getTime() + minutes * 60_000);
  return time.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
}

describe('what the sources say', () => {
  test('13.1 good by OCSP is registered, and the stored answer is not asked for again', async () => {
    const leaf = fixture.answered();
    expect((await fixture.post(leaf, '?dryRun=true')).status).toBe(201);
    expect((await fixture.post(leaf)).body).toMatchObject({ stateName: 'active' });
    expect(fixture.source.asked).toHaveLength(1);
  });

  test('13.1 revoked is refused under strict, with the members of 6.3 and no evidence', async () => {
    const refused = await fixture.post(fixture.answered(REVOKED));
    expect(refusalOf(refused)).toEqual([422, ['errors.certificatePolicyViolated']]);
    expect(refused.body.errors[0]).toEqual({
      code: 'errors.certificatePolicyViolated',
      message: expect.stringContaining('is revoked (keyCompromise)'),
      field: 'certificate',
      rule: 'revocationCheck',
      parameter: 'revocationCheck',
      expected: 'a path of which every certificate is known not to be revoked',
      found: expect.stringMatching(/^CN=Leaf \d+ is revoked \(keyCompromise\)$/),
      remedy: 'Have a new certificate issued.',
      requestId: expect.any(String),
    });
  });

  test('6.4, 13.1 revoked is stored as disabled under tolerant, with the reason policy-check-failed', async () => {
    await fixture.nextClient({ revocationCheck: 'soft', certificateUploadCheck: 'tolerant' });
    expect((await fixture.post(fixture.answered(REVOKED))).body).toMatchObject({
      stateName: 'disabled',
      stateChangeReason: 'policy-check-failed',
      stateChangeDetail: expect.stringContaining('revocationCheck'),
    });
  });

  test('13.1, 13.5 unknown is refused under hard, and a dry run has the evidence', async () => {
    const leaf = fixture.leaf({ ocsp: 'nowhere' });
    const refused = await fixture.post(leaf, '?dryRun=true');
    expect(refused.status).toBe(422);
    expect(outcomeOf(refused)).toMatchObject({
      remedy: expect.stringContaining('reachable'),
      evidence: [
        {
          status: 'unknown',
          code: 'missing',
          sources: [],
          failed: [{ kind: 'ocsp', url: fixture.source.url('nowhere'), detail: expect.stringContaining('404') }],
        },
      ],
    });
  });

  test('13.1 unknown passes under soft, and says so', async () => {
    await fixture.nextClient({ revocationCheck: 'soft' });
    const answer = await fixture.post(fixture.leaf({ ocsp: 'nowhere' }), '?dryRun=true');
    expect(answer.status).toBe(201);
    expect(outcomeOf(answer)).toMatchObject({ passed: true, found: expect.stringContaining('may be revoked') });
  });

  test.each([
    ['whose nextUpdate was four minutes ago', { nextUpdate: -4 }, 201],
    ['whose nextUpdate was six minutes ago', { nextUpdate: -6 }, 422],
    ['without nextUpdate, of nine minutes ago', { thisUpdate: -9, nextUpdate: undefined }, 201],
    ['without nextUpdate, of eleven minutes ago', { thisUpdate: -11, nextUpdate: undefined }, 422],
    ['that begins in four minutes', { thisUpdate: 4 }, 201],
    ['that begins in six minutes', { thisUpdate: 6 }, 422],
  ])('13.2 an OCSP response %s', async (_, minutes, status) => {
    const times = Object.entries(minutes).map(([name, minute]) => [name, minute && timeIn(minute)]);
    const leaf = fixture.answered(Object.fromEntries(times));
    expect((await fixture.post(leaf, '', { extId: 'cert' })).status).toBe(status);
  });

  test.each([
    ['SHA-256', '2.16.840.1.101.3.4.2.1', 201],
    ['SHA-224, which nobody uses', '2.16.840.1.101.3.4.2.4', 422],
  ])('13.2 an OCSP response whose CertID has %s, although SHA-1 was asked', async (_, digest, status) => {
    expect((await fixture.post(fixture.answered({ digest }))).status).toBe(status);
  });

  test('13.2 the CRL is asked for if the responder gives no answer, and only then', async () => {
    const leaf = fixture.leaf({ ocsp: 'broken', crl: 'issuing.crl' });
    fixture.source.set('broken', 500);
    fixture.source.set('issuing.crl', crlDer(fixture.anchor, { number: 3 }));
    const answer = await fixture.post(leaf, '?dryRun=true');
    expect(fixture.source.asked).toEqual(['/broken', '/issuing.crl']);
    expect(outcomeOf(answer).evidence[0]).toMatchObject({
      status: 'good',
      sources: [{ kind: 'crl', name: 'CN=Issuing, number 3' }],
      failed: [{ kind: 'ocsp' }],
    });
    fixture.source.set('issuing.crl', crlDer(fixture.anchor, { entries: [revoked(leaf)] }));
    const other = fixture.answered();
    await fixture.post(other);
    expect(fixture.source.countOf('issuing.crl')).toBe(1);
  });

  test('11.5, 13.2 a CRL of the set is enough, and one that revokes wins over a responder', async () => {
    const leaf = fixture.leaf();
    expect(outcomeOf(await fixture.post(leaf))).toMatchObject({ rule: 'revocationCheck' });
    await fixture.putCrl();
    expect((await fixture.post(leaf)).status).toBe(201);
    const answered = fixture.answered();
    await fixture.revokeByCrl(answered);
    expect((await fixture.post(answered)).status).toBe(422);
    expect(fixture.source.asked).toEqual([]);
  });

  test('13.3 nothing is asked for before a path to an anchor is proven', async () => {
    const forged = fixture.leaf({ ocsp: 'ocsp', crl: 'crl' }, authority('Issuing'));
    const refused = await fixture.post(forged, '?dryRun=true');
    expect(outcomeOf(refused, 'trustAnchors')).toBeDefined();
    expect(outcomeOf(refused)).toBeUndefined();
    expect(fixture.source.asked).toEqual([]);
  });

  test('13.1 without revocationCheck, or with none, nothing is asked for', async () => {
    for (const parameters of [{}, { revocationCheck: 'none' }]) {
      await fixture.nextClient(parameters);
      expect((await fixture.post(fixture.answered(REVOKED))).status).toBe(201);
      expect(fixture.source.asked).toEqual([]);
    }
  });
});

describe('while a source is asked', () => {
  test('13.3 a responder that hangs holds no turn, no transaction and no other request, and the answer is unknown', async () => {
    const hanging = fixture.leaf({ ocsp: 'hang' });
    fixture.source.set('hang', 'hang');
    const order: string[] = [];
    const asked = fixture.source.nextRequest('hang');
    const slow = fixture.post(hanging).finally(() => order.push('slow'));
    await asked;
    expect(fixture.policies.app.get(PathTurns).queue.heldCount).toBe(0);
    expect(
      await fixture.policies.app.dataSource.query(
        `select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
      ),
    ).toEqual([]);
    expect((await fixture.post(fixture.answered()).finally(() => order.push('fast'))).status).toBe(201);
    expect((await slow).body.errors).toMatchObject([{ found: expect.stringContaining('may be revoked') }]);
    expect(order).toEqual(['fast', 'slow']);
  });

  test('3.4, 13.1 a CRL that is put meanwhile decides', async () => {
    const leaf = fixture.leaf({ ocsp: 'late' });
    fixture.source.set('late', 'hang');
    const asked = fixture.source.nextRequest('late');
    const upload = fixture.post(leaf);
    await asked;
    await fixture.revokeByCrl(leaf);
    fixture.source.release('late', fixture.ocsp(leaf));
    expect(outcomeOf(await upload)).toMatchObject({ found: expect.stringContaining('is revoked') });
  });

  test('3.4, 13.1 a policy that is changed meanwhile decides', async () => {
    await fixture.nextClient({ revocationCheck: 'soft' });
    const leaf = fixture.leaf({ ocsp: 'late-policy' });
    fixture.source.set('late-policy', 'hang');
    const asked = fixture.source.nextRequest('late-policy');
    const upload = fixture.post(leaf);
    await asked;
    await fixture.policies.patch('p-1', { parameters: { trustAnchors: 'set-1', revocationCheck: 'hard' } });
    fixture.source.release('late-policy', 404);
    expect((await upload).status).toBe(422);
  });

  test('6.5, 13.3 two uploads at once ask once, and one of them is registered', async () => {
    const leaf = fixture.answered();
    const answers = await Promise.all([fixture.post(leaf), fixture.post(leaf)]);
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 422]);
    expect(fixture.source.asked).toHaveLength(1);
  });

  test('4.3, 3.2 another user, another client and a stale version are refused before anything is asked', async () => {
    const leaf = fixture.answered();
    const claims = { roles: ['nevisIdm.SelfAdmin'], client_ext_id: fixture.policies.client, data_room: undefined };
    const self = await fixture.policies.app.token({ ...claims, sub: 'u-2' });
    expect((await fixture.post(leaf, '', {}, { token: self })).status).toBe(403);
    const foreign = await fixture.policies.app.token({ data_room: { clients: ['elsewhere'] } });
    expect((await fixture.post(leaf, '', {}, { token: foreign })).status).toBe(403);
    await fixture.putCrl();
    await fixture.post(fixture.leaf(), '', { extId: 'cert' });
    const stale = await fixture.change({ certificate: toPem(leaf.der), version: 7 });
    expect(stale.status).toBe(409);
    expect(fixture.source.asked).toEqual([]);
  });
});
