import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { CrlReader } from '../../src/trust/revocation/crl-reader.js';
import { evidenceSource } from '../../src/trust/revocation/evidence-source.js';
import type { WantedEvidence } from '../../src/trust/revocation/wanted-evidence.model.js';
import { Builders } from '../support/builders.js';
import {
  CRL_URL,
  EvidenceFixture,
  leaf,
  numbersOf,
  OCSP_URL,
  root,
  wantedCrl,
  wantedOcsp,
} from '../support/evidence-fixture.js';
import { endEntity } from '../support/signed-certificate.js';
import { crlDer, revoked } from '../support/signed-crl.js';
import { answerAbout, ocspDer } from '../support/signed-ocsp.js';

let evidence: EvidenceFixture;

beforeAll(async () => {
  evidence = await EvidenceFixture.start();
});

afterAll(async () => await evidence.close());

beforeEach(async () => await evidence.nextClient());

test('13.3 what a source answers is returned, stored, and current for both servers', async () => {
  evidence.sources.answer(CRL_URL, crlDer(root, { number: 7, entries: [revoked(leaf)] }));
  evidence.sources.answer(OCSP_URL, ocspDer(root, { answers: [answerAbout(leaf, root)] }));
  const wanted = [wantedCrl(), wantedOcsp()];
  const answer = await evidence.fetched(wanted);
  expect(answer.failed).toEqual([]);
  expect([numbersOf(answer), answer.ocsp.length]).toEqual([[7n], 1]);
  for (const server of [evidence.app, evidence.other]) {
    const known = await evidence.stored(wanted, evidence.client, server);
    expect([numbersOf(known), known.ocsp.length]).toEqual([[7n], 1]);
    const [crl] = known.crls;
    expect(crl?.find(crl.issuerKey, leaf.certificate.structure.serialNumber)).toBeDefined();
  }
  expect(evidence.sources.asked).toEqual([CRL_URL, OCSP_URL]);
});

test('13.3 answers of one client are never those of another', async () => {
  evidence.sources.answer(CRL_URL, crlDer(root, { number: 7 }));
  await evidence.fetched([wantedCrl()]);
  expect(await evidence.stored([wantedCrl()], 'another')).toEqual({ crls: [], ocsp: [], failed: [] });
});

const digest = (wanted: WantedEvidence) => evidenceSource(wanted).sourceSha256.toString('hex');

test('13.3 OCSP answers are stored by certificate, CRLs by URL and issuer', () => {
  const second = endEntity(root);
  expect(digest(wantedOcsp(second))).not.toBe(digest(wantedOcsp()));
  expect(digest({ ...wantedCrl(), certificate: second.certificate })).toBe(digest(wantedCrl()));
  expect(digest(wantedCrl('http://crl.example.com/other.crl'))).not.toBe(digest(wantedCrl()));
});

test('13.3 an answer ends with its nextUpdate', async () => {
  evidence.sources.answer(
    OCSP_URL,
    ocspDer(root, { answers: [answerAbout(leaf, root, { nextUpdate: '20260601130000Z' })] }),
  );
  await evidence.fetched([wantedOcsp()]);
  expect((await evidence.stored([wantedOcsp()])).ocsp).toHaveLength(1);
  const later = new Date('2026-06-01T13:00:00Z');
  expect((await evidence.service().stored(evidence.client, 'set-1', [wantedOcsp()], later)).ocsp).toEqual([]);
});

test.each([
  ['a status', 404, Buffer.from('x'), 'The source has answered with the status 404.'],
  ['what cannot be read', 200, Buffer.from('x'), 'The answer cannot be read: the CRL is missing or has a wrong type.'],
  ['what has ended', 200, crlDer(root, { nextUpdate: '260531000000Z' }), 'The answer is not current.'],
  ['what never ends', 200, crlDer(root, { nextUpdate: undefined }), 'The answer is not current.'],
  ['what begins later', 200, crlDer(root, { thisUpdate: '260602000000Z' }), 'The answer is not current.'],
])('13.3 %s is not stored, and the source is not asked again for a while', async (_, status, body, detail) => {
  evidence.sources.answer(CRL_URL, body, status);
  const failure = { source: wantedCrl().source, detail };
  expect(await evidence.fetched([wantedCrl()])).toEqual({ crls: [], ocsp: [], failed: [failure] });
  expect((await evidence.stored([wantedCrl()])).crls).toEqual([]);
  expect((await evidence.fetched([wantedCrl()], { server: evidence.other })).failed).toEqual([failure]);
  expect(evidence.sources.asked).toHaveLength(1);
  expect(await evidence.row()).toMatchObject({
    failures: 1,
    der: null,
    failed_until: new Date('2026-06-01T12:00:30Z'),
  });
});

test('13.3 an OCSP answer about another certificate is not stored', async () => {
  evidence.sources.answer(OCSP_URL, ocspDer(root, { answers: [answerAbout(endEntity(root), root)] }));
  expect((await evidence.fetched([wantedOcsp()])).failed[0]?.detail).toBe('The answer is about another certificate.');
});

test('13.3 an older answer does not replace a newer one, which a failure does not remove', async () => {
  evidence.sources.answer(CRL_URL, crlDer(root, { number: 9 }));
  await evidence.fetched([wantedCrl()]);
  const before = await evidence.service().changedAt(evidence.client);
  expect(before).toBeDefined();
  await evidence.app.dataSource.query(`update revocation_answers set fetched_at = fetched_at - interval '1 h'`);
  evidence.sources.answer(CRL_URL, crlDer(root, { number: 8, thisUpdate: '260401000000Z' }));
  expect(numbersOf(await evidence.fetched([wantedCrl()]))).toEqual([8n]);
  expect(numbersOf(await evidence.stored([wantedCrl()]))).toEqual([9n]);
  await evidence.app.dataSource.query(`update revocation_answers set fetched_at = fetched_at - interval '1 h'`);
  evidence.sources.fail(CRL_URL, 'unreachable');
  expect((await evidence.fetched([wantedCrl()])).failed).toHaveLength(1);
  expect(numbersOf(await evidence.stored([wantedCrl()]))).toEqual([9n]);
  expect(await evidence.service().changedAt(evidence.client)).toEqual(before);
});

test('13.3 every change of the evidence raises its time, also two at once', async () => {
  expect(await evidence.service().changedAt(evidence.client)).toBeUndefined();
  evidence.sources.answer(CRL_URL, crlDer(root));
  evidence.sources.answer(OCSP_URL, ocspDer(root, { answers: [answerAbout(leaf, root)] }));
  await evidence.fetched([wantedCrl()]);
  const first = await evidence.service().changedAt(evidence.client);
  await evidence.fetched([wantedOcsp()]);
  const second = await evidence.service().changedAt(evidence.client);
  expect(Number(second)).toBeGreaterThan(Number(first));
});

test('13.3 of many requests at once on two servers one asks the source', async () => {
  const release = evidence.sources.hold(CRL_URL, crlDer(root, { number: 7 }));
  const requests = [evidence.app, evidence.other, evidence.app, evidence.other].map(
    async (server) => await evidence.fetched([wantedCrl()], { server }),
  );
  await expect.poll(() => evidence.sources.asked.length).toBe(1);
  release();
  for (const answer of await Promise.all(requests)) expect(numbersOf(answer)).toEqual([7n]);
  expect(evidence.sources.asked).toHaveLength(1);
});

test('13.3 whoever stops waiting gets an unknown status at once, and the answer is stored for the next one', async () => {
  const release = evidence.sources.hold(CRL_URL, crlDer(root, { number: 7 }));
  const leaving = new AbortController();
  const request = evidence.fetched([wantedCrl()], { signal: leaving.signal });
  await expect.poll(() => evidence.sources.asked.length).toBe(1);
  leaving.abort();
  expect((await request).failed).toEqual([
    { source: wantedCrl().source, detail: 'The source has not answered in time.' },
  ]);
  release();
  await expect.poll(async () => numbersOf(await evidence.stored([wantedCrl()]))).toEqual([7n]);
});

test('13.3 a claim of a server that has ended does not block the source', async () => {
  evidence.sources.fail(CRL_URL, 'unreachable');
  await evidence.fetched([wantedCrl()]);
  await evidence.app.dataSource.query(
    `update revocation_answers set failed_until = null, claimed_until = clock_timestamp() - interval '1 s'
      where client_ext_id = $1`,
    [evidence.client],
  );
  evidence.sources.answer(CRL_URL, crlDer(root, { number: 7 }));
  expect(numbersOf(await evidence.fetched([wantedCrl()]))).toEqual([7n]);
});

test('13.3 slow sources of one client do not delay another client', async () => {
  const slow = Array.from({ length: 40 }, (_, index) => `http://slow.example.com/${index}.crl`);
  const releases = slow.map((url) => evidence.sources.hold(url, crlDer(root)));
  const hostile = evidence.fetched(slow.map((url) => wantedCrl(url)));
  await expect.poll(() => evidence.sources.asked.length).toBeGreaterThan(0);
  await new Builders(evidence.app.dataSource).client(`${evidence.client}-b`);
  evidence.sources.answer(CRL_URL, crlDer(root, { number: 7 }));
  expect(numbersOf(await evidence.fetched([wantedCrl()], { of: `${evidence.client}-b` }))).toEqual([7n]);
  for (const release of releases) release();
  await hostile;
});

test('13.3 nothing is stored for a client that is deleted', async () => {
  await evidence.app.dataSource.query('update clients set deleted_at = now() where ext_id = $1', [evidence.client]);
  evidence.sources.answer(CRL_URL, crlDer(root));
  expect((await evidence.fetched([wantedCrl()])).failed).toHaveLength(1);
  expect(await evidence.row()).toBeUndefined();
  expect(evidence.sources.asked).toEqual([]);
});

/** Sources that a client has asked for, as SQL makes them: used one after another. */
const FILL = `insert into revocation_answers (client_ext_id, issuer_key_sha256, source_sha256, kind, url, octets, used_at, failures)
  select $1, '\\x00', sha256(n::text::bytea), 'crl', 'http://x/' || n, $3, timestamptz '2026-01-01Z' + n * interval '1 s', 0
  from generate_series(1, $2::integer) n`;

test('13.3 a client has at most 10,000 sources: the one that was used longest ago is dropped', async () => {
  await evidence.app.dataSource.query(FILL, [evidence.client, 10_000, 0]);
  const another = `${evidence.client}-b`;
  await new Builders(evidence.app.dataSource).client(another);
  await evidence.app.dataSource.query(FILL, [another, 1, 0]);
  evidence.sources.answer(CRL_URL, crlDer(root, { number: 7 }));
  expect(numbersOf(await evidence.fetched([wantedCrl()]))).toEqual([7n]);
  expect(await evidence.countOf()).toBe(10_000);
  const oldest = await evidence.app.dataSource.query<{ url: string }[]>(
    'select url from revocation_answers where client_ext_id = $1 order by used_at limit 1',
    [evidence.client],
  );
  expect(oldest).toEqual([{ url: 'http://x/2' }]);
  expect(await evidence.countOf(another)).toBe(1);
});

test('13.3 the answers of a client take at most 200 MiB', async () => {
  await evidence.app.dataSource.query(FILL, [evidence.client, 21, 10 * 1024 * 1024]);
  evidence.sources.answer(CRL_URL, crlDer(root, { number: 7 }));
  await evidence.fetched([wantedCrl()]);
  expect(await evidence.countOf()).toBe(20);
  expect(numbersOf(await evidence.stored([wantedCrl()]))).toEqual([7n]);
});

test('13.3 deleting a client deletes its evidence', async () => {
  evidence.sources.answer(CRL_URL, crlDer(root));
  await evidence.fetched([wantedCrl()]);
  const token = await evidence.app.token({ data_room: { clients: ['*'] } });
  const path = `${evidence.app.url}/nevisidm/api/core/v1/clients/${evidence.client}`;
  const answer = await fetch(path, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(204);
  expect([await evidence.countOf(), await evidence.service().changedAt(evidence.client)]).toEqual([0, undefined]);
});

test('13.3 a check notes once a day that an answer is used, and never waits for that', async () => {
  evidence.sources.answer(CRL_URL, crlDer(root, { number: 7 }));
  await evidence.fetched([wantedCrl()]);
  const longAgo = new Date(evidence.app.clock.now().getTime() - 2 * 86_400_000);
  await evidence.app.dataSource.query('update revocation_answers set used_at = $2 where client_ext_id = $1', [
    evidence.client,
    longAgo,
  ]);
  const blocking = evidence.app.dataSource.createQueryRunner();
  try {
    await blocking.startTransaction();
    await blocking.query('select 1 from revocation_answers where client_ext_id = $1 for update', [evidence.client]);
    expect(numbersOf(await evidence.stored([wantedCrl()]))).toEqual([7n]);
    await blocking.rollbackTransaction();
  } finally {
    await blocking.release();
  }
  expect(await evidence.row()).toMatchObject({ used_at: longAgo });
  await evidence.stored([wantedCrl()]);
  expect(await evidence.row()).toMatchObject({ used_at: evidence.app.clock.now() });
});

test('13.3 a CRL is read once, however many checks need it', async () => {
  evidence.sources.answer(CRL_URL, crlDer(root, { number: 7 }));
  await evidence.fetched([wantedCrl()]);
  const read = vi.spyOn(evidence.other.get(CrlReader), 'read');
  const checks = Array.from({ length: 40 }, async () =>
    numbersOf(await evidence.stored([wantedCrl()], evidence.client, evidence.other)),
  );
  for (const found of await Promise.all(checks)) expect(found).toEqual([7n]);
  expect(read).toHaveBeenCalledOnce();
});
