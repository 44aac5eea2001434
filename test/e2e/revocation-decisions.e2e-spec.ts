/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { toPem } from '../../src/x509/certificate/pem.js';
import { refusalOf } from '../support/http.js';
import { outcomeOf, REVOKED, RevocationRequests } from '../support/revocation-requests.js';
import { authority } from '../support/signed-certificate.js';

let fixture: RevocationRequests;

beforeAll(async () => {
  fixture = await RevocationRequests.start();
});

afterAll(async () => await fixture.close());

beforeEach(async () => await fixture.nextClient());

const statusOf = async (extId = 'cert') =>
  (await fixture.policies.request('GET', fixture.certificates(`/${extId}`))).body.stateName;

describe('a state that allows logins', () => {
  test('13.4 is 422 while evidence says revoked, whoever disabled the credential, and is not after that', async () => {
    const leaf = fixture.leaf();
    await fixture.putCrl();
    expect((await fixture.post(leaf, '', { extId: 'cert' })).status).toBe(201);
    await fixture.revokeByCrl(leaf);
    await fixture.change({ stateName: 'disabled' });
    for (const stateName of ['active', 'initial', 'admin-changed']) {
      const refused = await fixture.change({ stateName });
      expect(refusalOf(refused)).toEqual([422, ['errors.certificatePolicyViolated']]);
      expect(refused.body.errors[0]).toMatchObject({ field: 'stateName', rule: 'revocationCheck' });
      expect(outcomeOf(await fixture.change({ stateName }, '/cert?dryRun=true'))).toHaveProperty('evidence');
    }
    expect((await fixture.change({ modificationComment: 'still disabled', stateName: 'disabled' })).status).toBe(200);
    expect(await statusOf()).toBe('disabled');
    await fixture.putCrl({ number: 2 });
    expect((await fixture.change({ stateName: 'active' })).body).toMatchObject({ stateName: 'active' });
  });

  test('13.4 is allowed while the evidence is unknown, and for a policy that does not ask', async () => {
    const leaf = fixture.leaf();
    await fixture.putCrl();
    await fixture.post(leaf, '', { extId: 'cert' });
    await fixture.change({ stateName: 'disabled' });
    await fixture.policies.request('DELETE', fixture.path('/trust-anchor-sets/set-1/crls/own'));
    expect((await fixture.change({ stateName: 'active' })).status).toBe(200);
    await fixture.change({ stateName: 'disabled' });
    await fixture.revokeByCrl(leaf);
    await fixture.policies.patch('p-1', { parameters: { trustAnchors: 'set-1' } });
    expect((await fixture.change({ stateName: 'active' })).status).toBe(200);
  });

  test('3.4, 13.4 asks again if the certificate is replaced meanwhile', async () => {
    await fixture.nextClient({ revocationCheck: 'soft', certificateUploadCheck: 'tolerant' });
    const leaf = fixture.leaf({ ocsp: 'replaced' });
    await fixture.post(leaf, '', { extId: 'cert', stateName: 'disabled' });
    fixture.policies.app.clock.advance(3_600_000 / 2);
    // A source that has failed is not asked again at once.
    fixture.policies.app.clock.advance(60_000);
    fixture.source.set('replaced', 'hang');
    const asked = fixture.source.nextRequest('replaced');
    const enabling = fixture.change({ stateName: 'active' });
    await asked;
    const other = fixture.answered(REVOKED);
    expect((await fixture.change({ certificate: toPem(other.der) })).body).toMatchObject({ stateName: 'disabled' });
    fixture.source.release('replaced', fixture.ocsp(leaf));
    expect((await enabling).status).toBe(422);
    expect(await statusOf()).toBe('disabled');
  });

  test('6.4, 13.4 a replacement that passes enables a credential that the policy disabled as revoked', async () => {
    await fixture.post(fixture.answered(), '', { extId: 'cert' });
    await fixture.policies.app.dataSource.query(
      `update credentials set state = 'disabled', state_set_by = 'policy', reason = 'cert-revoked', version = version + 1
        where client_ext_id = $1 and ext_id = 'cert'`,
      [fixture.policies.client],
    );
    expect((await fixture.change({ certificate: toPem(fixture.answered(REVOKED).der) })).status).toBe(422);
    const enabled = await fixture.change({ certificate: toPem(fixture.answered().der) });
    expect(enabled.body).toMatchObject({ stateName: 'active', stateChangeReason: 'cert-uploaded' });
  });
});

describe('explanations and dry runs', () => {
  test('14.1, 13.5 an explanation has the outcome and the evidence, for an upload and for a login', async () => {
    const leaf = fixture.answered();
    const accepted = await fixture.explain(leaf);
    expect(accepted.body).toMatchObject({
      verdict: 'accepted',
      revocation: {
        checked: true,
        passed: true,
        detail: 'Found: a certificate that is not revoked.',
        evidence: [{ status: 'good', sources: [{ kind: 'ocsp' }] }],
      },
      notes: ['No user was named, so that a rule about the user cannot pass.'],
    });
    await fixture.post(leaf);
    await fixture.revokeByCrl(leaf);
    const login = await fixture.explain(leaf, { purpose: 'login' });
    expect(login.body).toMatchObject({
      verdict: 'failed',
      revocation: { checked: true, passed: false, evidence: [{ status: 'revoked' }] },
      remedies: ['Have a new certificate issued.'],
    });
  });

  test('14.1 it says why revocation was not checked', async () => {
    const detailOf = async (...question: Parameters<typeof fixture.explain>) =>
      (await fixture.explain(...question)).body.revocation;
    const forged = fixture.leaf({}, authority('Issuing'));
    expect(await detailOf(forged)).toEqual({
      checked: false,
      detail: 'Revocation was not checked, because no path to an anchor is proven.',
      evidence: [],
    });
    expect((await detailOf(forged, { purpose: 'login' })).detail).toContain('not registered');
    await fixture.createPolicy('p-2', {});
    expect((await detailOf(fixture.leaf(), { policyExtId: 'p-2' })).detail).toContain('has no revocationCheck');
  });

  test('13.3 for each caller, sources are asked for ten explanations and dry runs a minute, and the notes say so', async () => {
    const leaves = Array.from({ length: 11 }, () => fixture.answered());
    for (const [index, leaf] of leaves.slice(0, 10).entries()) {
      const ask = index % 2 === 0 ? await fixture.explain(leaf) : await fixture.post(leaf, '?dryRun=true');
      expect(ask.status).toBeLessThan(300);
    }
    expect(fixture.source.asked).toHaveLength(10);
    const [last] = leaves.slice(10);
    if (last === undefined) throw new Error('no leaf');
    const beyond = await fixture.explain(last);
    expect(beyond.body).toMatchObject({
      verdict: 'refused',
      revocation: {
        evidence: [{ status: 'unknown', failed: [{ detail: expect.stringContaining('10 explanations') }] }],
      },
    });
    expect(beyond.body.notes).toContainEqual(expect.stringMatching(/^Only stored evidence was used/));
    expect(outcomeOf(await fixture.post(last, '?dryRun=true')).evidence[0].failed).toHaveLength(1);
    expect(fixture.source.asked).toHaveLength(10);
    // Real changes have no such limit, and what they have stored is used.
    expect((await fixture.post(last)).status).toBe(201);
    expect((await fixture.explain(last)).body.revocation).toMatchObject({ passed: true });
    fixture.policies.app.clock.advance(60_000);
    await fixture.explain(fixture.answered());
    expect(fixture.source.asked).toHaveLength(12);
  });

  test('13.2, 14.1 with at, all times are that instant, and nothing is asked for', async () => {
    await fixture.putCrl({ thisUpdate: '260501000000Z', nextUpdate: '260615000000Z' });
    const leaf = fixture.leaf({ ocsp: 'at' });
    const passed = async (at: string) => (await fixture.explain(leaf, { at })).body.revocation.passed;
    expect(await passed('2026-06-14T00:00:00Z')).toBe(true);
    expect(await passed('2026-06-16T00:00:00Z')).toBe(false);
    const { body } = await fixture.explain(leaf, { at: '2026-04-01T00:00:00Z' });
    expect(body.notes).toContainEqual(expect.stringMatching(/nothing is fetched for another time/));
    expect(fixture.source.asked).toEqual([]);
  });
});
