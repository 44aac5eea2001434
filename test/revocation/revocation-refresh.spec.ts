import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { appError } from '../../src/common/errors.js';
import { Leader } from '../../src/database/leader.js';
import { AnswerRefresh } from '../../src/trust/revocation/answer-refresh.js';
import { AnswerStore } from '../../src/trust/revocation/answer-store.js';
import { evidenceSource } from '../../src/trust/revocation/evidence-source.js';
import { SourceFetches } from '../../src/trust/revocation/source-fetches.js';
import type { TestApp } from '../support/app.js';
import { CRL_URL, EvidenceFixture, numbersOf, root, wantedCrl } from '../support/evidence-fixture.js';
import { crlDer } from '../support/signed-crl.js';

let evidence: EvidenceFixture;

beforeAll(async () => {
  evidence = await EvidenceFixture.start();
});

afterAll(async () => await evidence.close());

beforeEach(async () => await evidence.nextClient());

async function leads(server: TestApp): Promise<void> {
  for (const one of [evidence.app, evidence.other]) await one.get(Leader).giveBack();
  expect(await server.get(Leader).leads()).toBe(true);
}

async function fetchDue(): Promise<void> {
  evidence.sources.answer(CRL_URL, crlDer(root, { number: 7 }));
  await evidence.fetched([wantedCrl()]);
  await evidence.app.dataSource.query(
    `update revocation_answers set refresh_at = $2, fetched_at = fetched_at - interval '1 h' where client_ext_id = $1`,
    [evidence.client, evidence.app.clock.now()],
  );
  evidence.sources.answer(CRL_URL, crlDer(root, { number: 8, thisUpdate: '260502000000Z' }));
}

test('13.3 the leader refreshes an answer before it ends, once, and only if it has been used', async () => {
  await fetchDue();
  await leads(evidence.app);
  await Promise.all([evidence.app, evidence.other].map(async (server) => await server.get(AnswerRefresh).run()));
  expect(evidence.sources.asked).toEqual([CRL_URL, CRL_URL]);
  expect(numbersOf(await evidence.stored([wantedCrl()]))).toEqual([8n]);
  await evidence.app.get(AnswerRefresh).run();
  expect(evidence.sources.asked).toHaveLength(2);
});

test('13.3 two servers that both refresh ask the source once', async () => {
  await fetchDue();
  const source = evidenceSource(wantedCrl());
  await Promise.all(
    [evidence.app, evidence.other].map(
      async (server) => await server.get(SourceFetches).refresh(evidence.client, source),
    ),
  );
  expect(evidence.sources.asked).toHaveLength(2);
});

test('13.3 an answer that no check has used for 30 days is removed, and not refreshed', async () => {
  await fetchDue();
  await evidence.app.dataSource.query(`update revocation_answers set used_at = $2 where client_ext_id = $1`, [
    evidence.client,
    new Date(evidence.app.clock.now().getTime() - 31 * 86_400_000),
  ]);
  await leads(evidence.other);
  await evidence.app.get(AnswerRefresh).run();
  await leads(evidence.app);
  await evidence.app.get(AnswerRefresh).run();
  expect([await evidence.countOf(), evidence.sources.asked.length]).toEqual([0, 1]);
});

test('13.3 a refresh that fails keeps the answer, and is tried again after a pause', async () => {
  await fetchDue();
  evidence.sources.fail(CRL_URL, 'timeout');
  await leads(evidence.app);
  await evidence.app.get(AnswerRefresh).run();
  await evidence.app.get(AnswerRefresh).run();
  expect(evidence.sources.asked).toHaveLength(2);
  expect(numbersOf(await evidence.stored([wantedCrl()]))).toEqual([7n]);
  expect(await evidence.row()).toMatchObject({ failures: 1, claimed_until: null });
});

test('13.3 a refresh that loses the database changes nothing, and another server does it later', async () => {
  await fetchDue();
  await leads(evidence.app);
  const lost = appError({ code: 'errors.unavailable', message: 'The database is currently unavailable.' });
  vi.spyOn(evidence.app.get(AnswerStore), 'store').mockRejectedValueOnce(lost);
  await expect(evidence.app.get(AnswerRefresh).run()).rejects.toBe(lost);
  expect(numbersOf(await evidence.stored([wantedCrl()]))).toEqual([7n]);
  // The claim of the first server ends.
  await evidence.app.dataSource.query(
    'update revocation_answers set claimed_until = clock_timestamp() where client_ext_id = $1',
    [evidence.client],
  );
  await leads(evidence.other);
  await evidence.other.get(AnswerRefresh).run();
  expect(numbersOf(await evidence.stored([wantedCrl()]))).toEqual([8n]);
});

test('13.3 a server that is no longer the leader removes and refreshes nothing', async () => {
  await fetchDue();
  await leads(evidence.other);
  await evidence.app.get(AnswerRefresh).run();
  expect(evidence.sources.asked).toHaveLength(1);
});

test('13.3 the metrics count fetches by kind and outcome, without clients', async () => {
  evidence.sources.fail(CRL_URL, 'tooLarge');
  await evidence.fetched([wantedCrl()]);
  await leads(evidence.app);
  await evidence.app.get(AnswerRefresh).run();
  const text = await (await fetch(`${evidence.app.url}/metrics`)).text();
  expect(text).toMatch(/certkeep_revocation_fetches_total{kind="crl",outcome="too_large"} [1-9]/);
  for (const name of ['fetches_waiting', 'answers_stored', 'refresh_overdue_seconds']) {
    expect(text).toContain(`certkeep_revocation_${name}`);
  }
  expect(text).not.toContain(evidence.client);
});
