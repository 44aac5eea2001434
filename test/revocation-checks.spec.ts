import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { CertificateEvaluator, EvaluationEndedError } from '../src/certificates/evaluation/certificate-evaluator.js';
import { RevocationChecks } from '../src/certificates/revocation/revocation-checks.js';
import { Leader } from '../src/database/leader.js';
import { RevocationEvidenceService } from '../src/trust/revocation/revocation-evidence.service.js';
import { colonHex } from '../src/x509/certificate/colon-hex.js';
import { toPem } from '../src/x509/certificate/pem.js';
import { readCrl } from '../src/x509/revocation/read-crl.js';
import {
  entry,
  FIRST,
  holdOf,
  KEY_COMPROMISE,
  RevocationChecksFixture,
  SECOND,
} from './support/revocation-checks-fixture.js';
import { endEntity } from './support/signed-certificate.js';
import { crlDer, distributionPoints, uri } from './support/signed-crl.js';

let fixture: RevocationChecksFixture;

beforeAll(async () => {
  fixture = await RevocationChecksFixture.start();
});

afterAll(async () => await fixture.close());

afterEach(async () => {
  vi.restoreAllMocks();
  await fixture.empty();
});

it('15.8 a certificate that the check disables is a denial', async () => {
  const { dataSource } = fixture.app;
  const leaf = await fixture.register('denied');
  await fixture.register('other');
  await fixture.putCrl({ entries: [entry(leaf, KEY_COMPROMISE)] });
  await dataSource.query('delete from certificate_denials');
  await fixture.check();
  const denials: unknown = await dataSource.query('select kind, value from certificate_denials');
  expect(denials).toEqual([{ kind: 'certificate', value: colonHex(leaf.certificate.sha256) }]);
});

describe('13.4 a certificate that is found revoked', () => {
  it('becomes disabled, reason cert-revoked, by the policy; actor system, with values and evidence', async () => {
    const leaf = await fixture.register('one');
    await fixture.register('other');
    await fixture.check();
    expect(await fixture.state('one')).toMatchObject({ state: 'active', version: 1 });
    const crl = await fixture.putCrl({ entries: [entry(leaf, KEY_COMPROMISE)] });
    await fixture.check();
    const state = await fixture.state('one');
    expect(state).toMatchObject({ state: 'disabled', stateSetBy: 'policy', reason: 'cert-revoked', version: 2 });
    const { createHash } = await import('node:crypto');
    expect(state.detail).toContain(`SHA-256 ${createHash('sha256').update(crl).digest('hex')}`);
    expect(await fixture.state('other')).toMatchObject({ state: 'active', version: 1 });
    const [, event, ...more] = await fixture.events('one');
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      actor: 'system',
      action: 'changed',
      version: 2,
      reason: 'cert-revoked',
      changes: {
        stateName: { from: 'active', to: 'disabled' },
        stateChangeReason: { from: 'initialized', to: 'cert-revoked' },
        stateChangeDetail: { to: state.detail },
      },
    });
    await fixture.check();
    expect(await fixture.state('one')).toEqual(state);
  });

  it('13.1 is disabled as well if a CA of its path is revoked', async () => {
    await fixture.register('below');
    await fixture.putCrl({ issuer: fixture.root, entries: [entry(fixture.issuing, KEY_COMPROMISE)] }, 'root');
    await fixture.check();
    const state = await fixture.state('below');
    expect(state).toMatchObject({ state: 'disabled', reason: 'cert-revoked' });
    expect(state.detail).toMatch(/^CA certificate/);
  });

  it('under a lock, the state beneath becomes disabled, and the event says so', async () => {
    const leaf = await fixture.register('locked');
    expect((await fixture.patch('locked', { stateName: 'fail-locked' })).status).toBe(200);
    await fixture.putCrl({ entries: [entry(leaf, KEY_COMPROMISE)] });
    await fixture.check();
    expect(await fixture.state('locked')).toMatchObject({
      state: 'disabled',
      lock: 'fail-locked',
      reason: 'cert-revoked',
    });
    const events = await fixture.events('locked');
    expect(events.at(-1)).toMatchObject({ version: 3, changes: { stateName: { from: 'active', to: 'disabled' } } });
  });

  it('stays as it is where a person has disabled it', async () => {
    const leaf = await fixture.register('persons');
    await fixture.patch('persons', { stateName: 'disabled' });
    await fixture.putCrl({ entries: [entry(leaf, KEY_COMPROMISE)] });
    await fixture.check();
    expect(await fixture.state('persons')).toMatchObject({
      stateSetBy: 'administrator',
      reason: 'changed-by-admin',
      version: 2,
    });
  });

  it.each([
    ['is archived', `update credentials set state = 'archived' where ext_id = 'not-asked'`],
    ['has an archived owner', `update users set state = 'archived' where ext_id = 'helper-7'`],
    [
      'has a policy without revocationCheck',
      `update credentials set policy_ext_id = 'without' where ext_id = 'not-asked'`,
    ],
  ])('is not asked about if it %s', async (_, change) => {
    const leaf = await fixture.register('not-asked');
    await fixture.app.dataSource.query(change);
    await fixture.putCrl({ entries: [entry(leaf, KEY_COMPROMISE)] });
    await fixture.check();
    expect(await fixture.state('not-asked')).toMatchObject({ version: 1 });
    await fixture.app.dataSource.query(`update users set state = 'active' where ext_id = 'helper-7'`);
  });

  it('after a passing replacement, it is active as in 6.4, and what was remembered is gone', async () => {
    const leaf = await fixture.register('replaced');
    await fixture.putCrl({ entries: holdOf(leaf) });
    await fixture.check();
    expect(await fixture.state('replaced')).toMatchObject({ state: 'disabled' });
    const answer = await fixture.patch('replaced', { certificate: toPem(endEntity(fixture.issuing).der) });
    expect(answer).toMatchObject({ status: 200, body: { stateName: 'active' } });
    const [row] = await fixture.app.dataSource.query<[{ revocation: unknown }]>('select revocation from credentials');
    expect(row.revocation).toBeNull();
  });
});

describe('13.4 an unknown status', () => {
  it.each(['soft', 'hard'])('never disables, under %s', async (policyExtId) => {
    await fixture.putCrl({ thisUpdate: FIRST });
    await fixture.register('unknown', undefined, { policyExtId });
    await fixture.app.dataSource.query('delete from trust_set_crls');
    await fixture.app.dataSource.query(`update credentials set state = 'active', reason = 'cert-uploaded'`);
    await fixture.putCrl({ thisUpdate: '260501000000Z', nextUpdate: '260502000000Z' });
    await fixture.check();
    expect(await fixture.state('unknown')).toMatchObject({ state: 'active', version: 1 });
  });
});

describe('13.3 sources', () => {
  it('13.2 what is stored for a source counts, even if a CRL of the set says good', async () => {
    const point = distributionPoints({ name: uri('http://crl.example.com/stored.crl') });
    const evidence = fixture.app.get(RevocationEvidenceService);
    vi.spyOn(evidence, 'fetch').mockResolvedValue({ crls: [], ocsp: [], failed: [] });
    await fixture.putCrl({ thisUpdate: FIRST });
    const leaf = await fixture.register('stored', endEntity(fixture.issuing, { and: [point] }));
    await fixture.putCrl({ thisUpdate: SECOND, number: 2 });
    const stored = evidence.stored.bind(evidence);
    const crl = readCrl(crlDer(fixture.issuing, { entries: [entry(leaf, KEY_COMPROMISE)], thisUpdate: FIRST })).value;
    vi.spyOn(evidence, 'stored').mockImplementation(async (...args) => {
      const found = await stored(...args);
      return args[2].length === 0 || crl === undefined ? found : { ...found, crls: [...found.crls, crl] };
    });
    await fixture.check();
    expect(await fixture.state('stored')).toMatchObject({ state: 'disabled', reason: 'cert-revoked' });
  });

  it('a source is asked once for all certificates that name it', async () => {
    const point = distributionPoints({ name: uri('http://crl.example.com/issuing.crl') });
    const leaves = Array.from({ length: 5 }, () => endEntity(fixture.issuing, { and: [point] }));
    const evidence = fixture.app.get(RevocationEvidenceService);
    const nothing = { crls: [], ocsp: [], failed: [] };
    const fetch = vi.spyOn(evidence, 'fetch').mockResolvedValue(nothing);
    for (const [index, leaf] of leaves.entries()) await fixture.register(`named-${index}`, leaf);
    fetch.mockClear();
    const crl = readCrl(crlDer(fixture.issuing, { entries: leaves.map((leaf) => entry(leaf, KEY_COMPROMISE)) })).value;
    if (crl === undefined) throw new Error('The CRL cannot be read.');
    fetch.mockResolvedValue({ ...nothing, crls: [crl] });
    await fixture.putCrl({ issuer: fixture.root }, 'root');
    await fixture.check();
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(fetch.mock.calls[0]?.[1]).toHaveLength(1);
    for (const index of leaves.keys())
      expect(await fixture.state(`named-${index}`)).toMatchObject({ state: 'disabled' });
  });
});

describe('13.4 clients', () => {
  it('take turns in batches, so that a small one does not wait for a large one; a failed batch delays only its own', async () => {
    await fixture.fixture.builders.client('200');
    await fixture.fixture.builders.user('200', 'small');
    await fixture.createSet('200');
    await fixture.createPolicy('200', 'soft', { revocationCheck: 'soft' });
    const small = endEntity(fixture.issuing);
    const body = { extId: 'small-1', certificate: toPem(small.der), policyExtId: 'soft' };
    expect((await fixture.request('POST', '/200/users/small/certificates', body)).status).toBe(201);
    await fixture.register('large');
    const copies = Array.from({ length: 250 }, (_, index) => {
      return [`large-${String(index).padStart(3, '0')}`, endEntity(fixture.issuing)] as const;
    });
    await fixture.copy('large', copies);
    const last = copies.at(-1)?.[1] ?? small;
    await fixture.putCrl({ entries: [last, small].map((leaf) => entry(leaf, KEY_COMPROMISE)) });
    await fixture.putCrl({ entries: [entry(small, KEY_COMPROMISE)] }, 'issuing', '200');

    const evaluator = fixture.app.get(CertificateEvaluator);
    const evaluate = vi.spyOn(evaluator, 'paths').mockRejectedValueOnce(new EvaluationEndedError('ended'));
    await fixture.check();
    expect(evaluate.mock.calls.map(([client]) => client)).toEqual(['100', '200']);
    expect(await fixture.state('small-1')).toMatchObject({ state: 'disabled' });
    expect(await fixture.state('large-249')).toMatchObject({ state: 'active' });
    evaluate.mockClear();
    fixture.app.clock.advance(600_000);
    await fixture.putCrl({ entries: [entry(small, KEY_COMPROMISE)], number: 2 }, 'issuing', '200');
    await fixture.check();
    expect(evaluate.mock.calls.map(([client]) => client)).toEqual(['100', '200', '100']);
    expect(await fixture.state('large-249')).toMatchObject({ state: 'disabled' });
    const text = await (await fetch(`${fixture.app.url}/metrics`)).text();
    expect(text).toMatch(/^certkeep_revocation_checks_total\{outcome="disabled"\} [1-9]/m);
    expect(text).toMatch(/^certkeep_revocation_checks_oldest_seconds \d+$/m);
  });

  it('whose evidence has not changed are checked again within an hour', async () => {
    await fixture.register('hourly');
    await fixture.putCrl();
    await fixture.check();
    const evaluate = vi.spyOn(fixture.app.get(CertificateEvaluator), 'paths');
    await fixture.check();
    expect(evaluate).not.toHaveBeenCalled();
    fixture.app.clock.advance(3_600_000);
    await fixture.check();
    expect(evaluate).toHaveBeenCalled();
  });

  it('a database that does not respond ends the run, and the next one continues', async () => {
    const leaf = await fixture.register('outage');
    await fixture.putCrl({ entries: [entry(leaf, KEY_COMPROMISE)] });
    const leader = fixture.app.get(Leader);
    vi.spyOn(leader, 'run').mockRejectedValue(new Error('no connection'));
    await expect(fixture.check()).rejects.toThrow('no connection');
    vi.restoreAllMocks();
    await fixture.check();
    expect(await fixture.state('outage')).toMatchObject({ state: 'disabled' });
  });

  it('a server that is not the leader checks nothing', async () => {
    const other = await fixture.startOther();
    try {
      const evaluate = vi.spyOn(other.get(CertificateEvaluator), 'paths');
      await fixture.app.get(Leader).leads();
      await other.get(RevocationChecks).run();
      expect(evaluate).not.toHaveBeenCalled();
    } finally {
      await other.close();
    }
  });
});
