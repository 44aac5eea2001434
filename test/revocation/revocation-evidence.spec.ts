import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { appError } from '../../src/common/errors.js';
import { Leader } from '../../src/database/leader.js';
import { AnswerRefresh } from '../../src/trust/revocation/answer-refresh.js';
import { AnswerStore } from '../../src/trust/revocation/answer-store.js';
import { CrlReader } from '../../src/trust/revocation/crl-reader.js';
import { evidenceSource } from '../../src/trust/revocation/evidence-source.js';
import { RevocationEvidenceService } from '../../src/trust/revocation/revocation-evidence.service.js';
import { SourceFetches } from '../../src/trust/revocation/source-fetches.js';
import type { WantedEvidence } from '../../src/trust/revocation/wanted-evidence.model.js';
import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { RevocationSources } from '../support/revocation-sources.js';
import { authority, endEntity, type Issued } from '../support/signed-certificate.js';
import { crlDer, revoked } from '../support/signed-crl.js';
import { answerAbout, ocspDer } from '../support/signed-ocsp.js';

const CRL_URL = 'http://crl.example.com/root.crl';
const OCSP_URL = 'http://ocsp.example.com/';

const root = authority('Root');
const leaf = endEntity(root);

let app: TestApp;
let other: TestApp;
let sources: RevocationSources;
let clients = 0;
let client = '';

beforeAll(async () => {
  app = await startApp();
  const { url } = app.dataSource.options as { url: string };
  other = await startApp({}, () => url);
}, 120_000);

afterAll(async () => {
  await other.close();
  await app.close();
});

beforeEach(async () => {
  clients += 1;
  client = `c-${clients}`;
  await new Builders(app.dataSource).client(client);
  sources = new RevocationSources();
  sources.serve(app);
  sources.serve(other);
});

const service = (server = app) => server.get(RevocationEvidenceService);

const wantedCrl = (url = CRL_URL): WantedEvidence => ({
  source: { kind: 'crl', url },
  certificate: leaf.certificate,
  issuer: root.certificate,
});

const wantedOcsp = (certificate: Issued = leaf): WantedEvidence => ({
  source: { kind: 'ocsp', url: OCSP_URL },
  certificate: certificate.certificate,
  issuer: root.certificate,
});

const fetched = async (
  wanted: readonly WantedEvidence[],
  { of = client, server = app, signal = AbortSignal.timeout(20_000) } = {},
) => await service(server).fetch(of, wanted, { now: server.clock.now(), signal });

const stored = async (wanted: readonly WantedEvidence[], of = client, server = app) =>
  await service(server).stored(of, 'set-1', wanted, server.clock.now());

const numbersOf = ({ crls }: { readonly crls: readonly { readonly number: bigint | undefined }[] }) =>
  crls.map(({ number }) => number);

const row = async (of = client) => {
  const [first] = await app.dataSource.query<Record<string, unknown>[]>(
    'select * from revocation_answers where client_ext_id = $1',
    [of],
  );
  return first;
};

test('13.3 what a source answers is returned, stored, and current for both servers', async () => {
  sources.answer(CRL_URL, crlDer(root, { number: 7, entries: [revoked(leaf)] }));
  sources.answer(OCSP_URL, ocspDer(root, { answers: [answerAbout(leaf, root)] }));
  const wanted = [wantedCrl(), wantedOcsp()];
  const answer = await fetched(wanted);
  expect(answer.failed).toEqual([]);
  expect([numbersOf(answer), answer.ocsp.length]).toEqual([[7n], 1]);
  for (const server of [app, other]) {
    const known = await stored(wanted, client, server);
    expect([numbersOf(known), known.ocsp.length]).toEqual([[7n], 1]);
    const [crl] = known.crls;
    expect(crl?.find(crl.issuerKey, leaf.certificate.structure.serialNumber)).toBeDefined();
  }
  expect(sources.asked).toEqual([CRL_URL, OCSP_URL]);
});

test('13.3 answers of one client are never those of another', async () => {
  sources.answer(CRL_URL, crlDer(root, { number: 7 }));
  await fetched([wantedCrl()]);
  expect(await stored([wantedCrl()], 'another')).toEqual({ crls: [], ocsp: [], failed: [] });
});

const digest = (wanted: WantedEvidence) => evidenceSource(wanted).sourceSha256.toString('hex');

test('13.3 OCSP answers are stored by certificate, CRLs by URL and issuer', () => {
  const second = endEntity(root);
  expect(digest(wantedOcsp(second))).not.toBe(digest(wantedOcsp()));
  expect(digest({ ...wantedCrl(), certificate: second.certificate })).toBe(digest(wantedCrl()));
  expect(digest(wantedCrl('http://crl.example.com/other.crl'))).not.toBe(digest(wantedCrl()));
});

test('13.3 an answer ends with its nextUpdate', async () => {
  sources.answer(OCSP_URL, ocspDer(root, { answers: [answerAbout(leaf, root, { nextUpdate: '20260601130000Z' })] }));
  await fetched([wantedOcsp()]);
  expect((await stored([wantedOcsp()])).ocsp).toHaveLength(1);
  const later = new Date('2026-06-01T13:00:00Z');
  expect((await service().stored(client, 'set-1', [wantedOcsp()], later)).ocsp).toEqual([]);
});

test.each([
  ['a status', 404, Buffer.from('x'), 'The source has answered with the status 404.'],
  ['what cannot be read', 200, Buffer.from('x'), 'The answer cannot be read: the CRL is missing or has a wrong type.'],
  ['what has ended', 200, crlDer(root, { nextUpdate: '260531000000Z' }), 'The answer is not current.'],
  ['what never ends', 200, crlDer(root, { nextUpdate: undefined }), 'The answer is not current.'],
  ['what begins later', 200, crlDer(root, { thisUpdate: '260602000000Z' }), 'The answer is not current.'],
])('13.3 %s is not stored, and the source is not asked again for a while', async (_, status, body, detail) => {
  sources.answer(CRL_URL, body, status);
  const failure = { source: wantedCrl().source, detail };
  expect(await fetched([wantedCrl()])).toEqual({ crls: [], ocsp: [], failed: [failure] });
  expect((await stored([wantedCrl()])).crls).toEqual([]);
  expect((await fetched([wantedCrl()], { server: other })).failed).toEqual([failure]);
  expect(sources.asked).toHaveLength(1);
  expect(await row()).toMatchObject({ failures: 1, der: null, failed_until: new Date('2026-06-01T12:00:30Z') });
});

test('13.3 an OCSP answer about another certificate is not stored', async () => {
  sources.answer(OCSP_URL, ocspDer(root, { answers: [answerAbout(endEntity(root), root)] }));
  expect((await fetched([wantedOcsp()])).failed[0]?.detail).toBe('The answer is about another certificate.');
});

test('13.3 an older answer does not replace a newer one, which a failure does not remove', async () => {
  sources.answer(CRL_URL, crlDer(root, { number: 9 }));
  await fetched([wantedCrl()]);
  const before = await service().changedAt(client);
  expect(before).toBeDefined();
  await app.dataSource.query(`update revocation_answers set fetched_at = fetched_at - interval '1 h'`);
  sources.answer(CRL_URL, crlDer(root, { number: 8, thisUpdate: '260401000000Z' }));
  expect(numbersOf(await fetched([wantedCrl()]))).toEqual([8n]);
  expect(numbersOf(await stored([wantedCrl()]))).toEqual([9n]);
  await app.dataSource.query(`update revocation_answers set fetched_at = fetched_at - interval '1 h'`);
  sources.fail(CRL_URL, 'unreachable');
  expect((await fetched([wantedCrl()])).failed).toHaveLength(1);
  expect(numbersOf(await stored([wantedCrl()]))).toEqual([9n]);
  expect(await service().changedAt(client)).toEqual(before);
});

test('13.3 every change of the evidence raises its time, also two at once', async () => {
  expect(await service().changedAt(client)).toBeUndefined();
  sources.answer(CRL_URL, crlDer(root));
  sources.answer(OCSP_URL, ocspDer(root, { answers: [answerAbout(leaf, root)] }));
  await fetched([wantedCrl()]);
  const first = await service().changedAt(client);
  await fetched([wantedOcsp()]);
  const second = await service().changedAt(client);
  expect(Number(second)).toBeGreaterThan(Number(first));
});

test('13.3 of many requests at once on two servers one asks the source', async () => {
  const release = sources.hold(CRL_URL, crlDer(root, { number: 7 }));
  const requests = [app, other, app, other].map(async (server) => await fetched([wantedCrl()], { server }));
  await expect.poll(() => sources.asked.length).toBe(1);
  release();
  for (const answer of await Promise.all(requests)) expect(numbersOf(answer)).toEqual([7n]);
  expect(sources.asked).toHaveLength(1);
});

test('13.3 whoever stops waiting gets an unknown status at once, and the answer is stored for the next one', async () => {
  const release = sources.hold(CRL_URL, crlDer(root, { number: 7 }));
  const leaving = new AbortController();
  const request = fetched([wantedCrl()], { signal: leaving.signal });
  await expect.poll(() => sources.asked.length).toBe(1);
  leaving.abort();
  expect((await request).failed).toEqual([
    { source: wantedCrl().source, detail: 'The source has not answered in time.' },
  ]);
  release();
  await expect.poll(async () => numbersOf(await stored([wantedCrl()]))).toEqual([7n]);
});

test('13.3 a claim of a server that has ended does not block the source', async () => {
  sources.fail(CRL_URL, 'unreachable');
  await fetched([wantedCrl()]);
  await app.dataSource.query(
    `update revocation_answers set failed_until = null, claimed_until = clock_timestamp() - interval '1 s'
      where client_ext_id = $1`,
    [client],
  );
  sources.answer(CRL_URL, crlDer(root, { number: 7 }));
  expect(numbersOf(await fetched([wantedCrl()]))).toEqual([7n]);
});

test('13.3 slow sources of one client do not delay another client', async () => {
  const slow = Array.from({ length: 40 }, (_, index) => `http://slow.example.com/${index}.crl`);
  const releases = slow.map((url) => sources.hold(url, crlDer(root)));
  const hostile = fetched(slow.map((url) => wantedCrl(url)));
  await expect.poll(() => sources.asked.length).toBeGreaterThan(0);
  await new Builders(app.dataSource).client(`${client}-b`);
  sources.answer(CRL_URL, crlDer(root, { number: 7 }));
  expect(numbersOf(await fetched([wantedCrl()], { of: `${client}-b` }))).toEqual([7n]);
  for (const release of releases) release();
  await hostile;
});

test('13.3 nothing is stored for a client that is deleted', async () => {
  await app.dataSource.query('update clients set deleted_at = now() where ext_id = $1', [client]);
  sources.answer(CRL_URL, crlDer(root));
  expect((await fetched([wantedCrl()])).failed).toHaveLength(1);
  expect(await row()).toBeUndefined();
  expect(sources.asked).toEqual([]);
});

/** Sources that a client has asked for, as SQL makes them: used one after another. */
const FILL = `insert into revocation_answers (client_ext_id, issuer_key_sha256, source_sha256, kind, url, octets, used_at, failures)
  select $1, '\\x00', sha256(n::text::bytea), 'crl', 'http://x/' || n, $3, now() - interval '300 days' + n * interval '1 s', 0
  from generate_series(1, $2::integer) n`;

const countOf = async (of = client): Promise<number> => {
  const [counted] = await app.dataSource.query<{ count: number }[]>(
    'select count(*)::integer as count from revocation_answers where client_ext_id = $1',
    [of],
  );
  return counted?.count ?? 0;
};

test('13.3 a client has at most 10,000 sources: the one that was used longest ago is dropped', async () => {
  await app.dataSource.query(FILL, [client, 10_000, 0]);
  await app.dataSource.query(FILL, [`c-${clients - 1}`, 1, 0]);
  sources.answer(CRL_URL, crlDer(root, { number: 7 }));
  expect(numbersOf(await fetched([wantedCrl()]))).toEqual([7n]);
  expect(await countOf()).toBe(10_000);
  const oldest = await app.dataSource.query<{ url: string }[]>(
    'select url from revocation_answers where client_ext_id = $1 order by used_at limit 1',
    [client],
  );
  expect(oldest).toEqual([{ url: 'http://x/2' }]);
  expect(await countOf(`c-${clients - 1}`)).toBe(1);
});

test('13.3 the answers of a client take at most 200 MiB', async () => {
  await app.dataSource.query(FILL, [client, 21, 10 * 1024 * 1024]);
  sources.answer(CRL_URL, crlDer(root, { number: 7 }));
  await fetched([wantedCrl()]);
  expect(await countOf()).toBe(20);
  expect(numbersOf(await stored([wantedCrl()]))).toEqual([7n]);
});

test('13.3 deleting a client deletes its evidence', async () => {
  sources.answer(CRL_URL, crlDer(root));
  await fetched([wantedCrl()]);
  const token = await app.token({ data_room: { clients: ['*'] } });
  const path = `${app.url}/nevisidm/api/core/v1/clients/${client}`;
  const answer = await fetch(path, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(204);
  expect([await countOf(), await service().changedAt(client)]).toEqual([0, undefined]);
});

async function leads(server: TestApp): Promise<void> {
  for (const one of [app, other]) await one.get(Leader).giveBack();
  expect(await server.get(Leader).leads()).toBe(true);
}

async function fetchDue(): Promise<void> {
  sources.answer(CRL_URL, crlDer(root, { number: 7 }));
  await fetched([wantedCrl()]);
  await app.dataSource.query(
    `update revocation_answers set refresh_at = $2, fetched_at = fetched_at - interval '1 h' where client_ext_id = $1`,
    [client, app.clock.now()],
  );
  sources.answer(CRL_URL, crlDer(root, { number: 8, thisUpdate: '260502000000Z' }));
}

test('13.3 the leader refreshes an answer before it ends, once, and only if it has been used', async () => {
  await fetchDue();
  await leads(app);
  await Promise.all([app, other].map(async (server) => await server.get(AnswerRefresh).run()));
  expect(sources.asked).toEqual([CRL_URL, CRL_URL]);
  expect(numbersOf(await stored([wantedCrl()]))).toEqual([8n]);
  await app.get(AnswerRefresh).run();
  expect(sources.asked).toHaveLength(2);
});

test('13.3 two servers that both refresh ask the source once', async () => {
  await fetchDue();
  const source = evidenceSource(wantedCrl());
  await Promise.all([app, other].map(async (server) => await server.get(SourceFetches).refresh(client, source)));
  expect(sources.asked).toHaveLength(2);
});

test('13.3 an answer that no check has used for 30 days is removed, and not refreshed', async () => {
  await fetchDue();
  await app.dataSource.query(`update revocation_answers set used_at = $2 where client_ext_id = $1`, [
    client,
    new Date(app.clock.now().getTime() - 31 * 86_400_000),
  ]);
  await leads(other);
  await app.get(AnswerRefresh).run();
  await leads(app);
  await app.get(AnswerRefresh).run();
  expect([await countOf(), sources.asked.length]).toEqual([0, 1]);
});

test('13.3 a refresh that fails keeps the answer, and is tried again after a pause', async () => {
  await fetchDue();
  sources.fail(CRL_URL, 'timeout');
  await leads(app);
  await app.get(AnswerRefresh).run();
  await app.get(AnswerRefresh).run();
  expect(sources.asked).toHaveLength(2);
  expect(numbersOf(await stored([wantedCrl()]))).toEqual([7n]);
  expect(await row()).toMatchObject({ failures: 1, claimed_until: null });
});

test('13.3 a refresh that loses the database changes nothing, and another server does it later', async () => {
  await fetchDue();
  await leads(app);
  const lost = appError({ code: 'errors.unavailable', message: 'The database is currently unavailable.' });
  vi.spyOn(app.get(AnswerStore), 'store').mockRejectedValueOnce(lost);
  await expect(app.get(AnswerRefresh).run()).rejects.toBe(lost);
  expect(numbersOf(await stored([wantedCrl()]))).toEqual([7n]);
  // The claim of the first server ends.
  await app.dataSource.query(
    'update revocation_answers set claimed_until = clock_timestamp() where client_ext_id = $1',
    [client],
  );
  await leads(other);
  await other.get(AnswerRefresh).run();
  expect(numbersOf(await stored([wantedCrl()]))).toEqual([8n]);
});

test('13.3 a server that is no longer the leader removes and refreshes nothing', async () => {
  await fetchDue();
  await leads(other);
  await app.get(AnswerRefresh).run();
  expect(sources.asked).toHaveLength(1);
});

test('13.3 the metrics count fetches by kind and outcome, without clients', async () => {
  sources.fail(CRL_URL, 'tooLarge');
  await fetched([wantedCrl()]);
  await leads(app);
  await app.get(AnswerRefresh).run();
  const text = await (await fetch(`${app.url}/metrics`)).text();
  expect(text).toMatch(/certkeep_revocation_fetches_total{kind="crl",outcome="too_large"} [1-9]/);
  for (const name of ['fetches_waiting', 'answers_stored', 'refresh_overdue_seconds']) {
    expect(text).toContain(`certkeep_revocation_${name}`);
  }
  expect(text).not.toContain(client);
});

test('13.3 a check notes once a day that an answer is used, and never waits for that', async () => {
  sources.answer(CRL_URL, crlDer(root, { number: 7 }));
  await fetched([wantedCrl()]);
  const longAgo = new Date(app.clock.now().getTime() - 2 * 86_400_000);
  await app.dataSource.query('update revocation_answers set used_at = $2 where client_ext_id = $1', [client, longAgo]);
  const blocking = app.dataSource.createQueryRunner();
  try {
    await blocking.startTransaction();
    await blocking.query('select 1 from revocation_answers where client_ext_id = $1 for update', [client]);
    expect(numbersOf(await stored([wantedCrl()]))).toEqual([7n]);
    await blocking.rollbackTransaction();
  } finally {
    await blocking.release();
  }
  expect(await row()).toMatchObject({ used_at: longAgo });
  await stored([wantedCrl()]);
  expect(await row()).toMatchObject({ used_at: app.clock.now() });
});

test('13.3 a CRL is read once, however many checks need it', async () => {
  sources.answer(CRL_URL, crlDer(root, { number: 7 }));
  await fetched([wantedCrl()]);
  const read = vi.spyOn(other.get(CrlReader), 'read');
  const checks = Array.from({ length: 40 }, async () => numbersOf(await stored([wantedCrl()], client, other)));
  for (const found of await Promise.all(checks)) expect(found).toEqual([7n]);
  expect(read).toHaveBeenCalledOnce();
});
