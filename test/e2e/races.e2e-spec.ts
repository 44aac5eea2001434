import { Not } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { AuditEventRow } from '../../src/audit/audit-event.table.js';
import { Fixture } from '../support/fixture.js';
import { type Answer, codesOf, CORE, send } from '../support/http.js';

const WRITERS = 50;
/** Long where nobody waits for it. */
const DURATION_MS = process.env['CI'] === undefined ? 2_000 : 10_000;
/** A slow machine goes on until the policy has changed this often, but not for ever. */
const SWITCHES = 4;
const LONGEST_MS = 25_000;

let fixture: Fixture;

beforeAll(async () => {
  fixture = await Fixture.start();
});

afterAll(async () => await fixture.app.close());

const times = async <Result>(work: (index: number) => Promise<Result>): Promise<Result[]> =>
  await Promise.all(Array.from({ length: WRITERS }, async (_, index) => await work(index)));

const eventsOf = async (extId: string): Promise<AuditEventRow[]> =>
  await fixture.app.dataSource
    .getRepository<AuditEventRow>('audit_events')
    .find({ where: { extId, action: Not('refused') }, order: { version: 'asc' } });

const hexOf = (entry: AuditEventRow | undefined): string | undefined => entry?.sha256?.toString('hex');

/** One request of a writer, when it began and when it was answered, and what it was meant to do. */
interface Attempt {
  readonly requestId: string;
  readonly began: number;
  readonly ended: number;
  readonly comment: string;
  readonly version: number | undefined;
  readonly fingerprint: string | undefined;
  readonly violating: boolean;
  readonly answer: Answer;
}

/** A time in which one policy stood: from the answer to the change that made it until before the next change. */
interface Reign {
  readonly strict: boolean;
  readonly from: number;
  readonly to: number;
}

/**
 * Notes for each version, in the instant of its commit, whether the policy that stands is the strict one. Whoever evaluates
 * by a policy and does not hold it until then is found out here, however short the time between.
 */
const WITNESS = [
  'create table witness (version integer primary key, strict boolean not null)',
  `create function note_policy() returns trigger language plpgsql as $$
    begin
      insert into witness select new.version, p.parameters ? 'certificateUploadCheck' from policies p
        where p.client_ext_id = new.client_ext_id and p.ext_id = new.policy_ext_id;
      return null;
    end $$`,
  `create constraint trigger note_policy after update on credentials deferrable initially deferred
    for each row when (new.ext_id = 'raced') execute function note_policy()`,
];

interface Certificates {
  readonly good: string;
  readonly violating: string;
}

describe('50 writers of one credential while its policy becomes strict and tolerant of everything again', () => {
  const attempts: Attempt[] = [];
  const reigns: Reign[] = [];
  let startedAt: number;
  let auditLog: readonly AuditEventRow[];
  let path: string;

  beforeAll(async () => {
    await fixture.builders.policy('100', 'switching');
    path = await fixture.register('raced', { policyExtId: 'switching' });
    for (const statement of WITNESS) await fixture.app.dataSource.query(statement);
    const certificates = await times(async (index) => ({
      good: await fixture.pem(`good ${index}`),
      violating: await fixture.pem(`violating ${index}`, { notAfter: '2030-01-01T00:00:00Z' }),
    }));
    startedAt = performance.now();
    await Promise.all([switchPolicy(), ...certificates.map(async (own, index) => await write(index, own))]);
    auditLog = await eventsOf('raced');
  });

  function isOver(): boolean {
    const passed = performance.now() - startedAt;
    return passed > LONGEST_MS || (passed > DURATION_MS && reigns.length >= SWITCHES);
  }

  async function switchPolicy(): Promise<void> {
    for (let strict = true; !isOver(); strict = !strict) {
      const parameters = strict ? { certificateUploadCheck: 'strict', maxValidityDays: '397' } : {};
      const changed = await send(fixture.app, 'PATCH', `${CORE}/100/policies/switching`, {
        token: await fixture.app.token(),
        body: { parameters },
      });
      expect(changed.status, JSON.stringify(changed.body)).toBe(200);
      const from = performance.now();
      const answered = attempts.length;
      // Time for everybody to begin and end a request under this policy.
      while (attempts.length < answered + 2 * WRITERS && !isOver()) await new Promise(setImmediate);
      reigns.push({ strict, from, to: performance.now() });
    }
  }

  async function write(writer: number, { good, violating }: Certificates): Promise<void> {
    let known = 1;
    for (let round = 0; !isOver(); round += 1) {
      const withVersion = round % 4 === 1;
      const certificate = [undefined, violating, good, violating][(round + writer) % 4];
      const requestId = `writer-${writer}-${round}`;
      const comment = `comment ${writer} ${round}`;
      const began = performance.now();
      const answer = await fixture.patch(
        path,
        {
          modificationComment: comment,
          ...(certificate === undefined ? {} : { certificate }),
          ...(withVersion ? { version: known } : {}),
        },
        { 'X-Request-Id': requestId },
      );
      attempts.push({
        requestId,
        began,
        ended: performance.now(),
        comment,
        version: withVersion ? known : undefined,
        fingerprint: certificate === undefined ? undefined : (answer.body.fingerprint as string),
        violating: certificate === violating,
        answer,
      });
      known = (answer.body.version ?? answer.body.errors[0].currentVersion ?? known) as number;
    }
  }

  const stored = () => attempts.filter(({ answer }) => answer.status === 200);

  test('3.4 there is enough of a race to speak of', () => {
    expect(stored().length).toBeGreaterThan(WRITERS);
    expect(reigns.length).toBeGreaterThanOrEqual(SWITCHES);
    expect(attempts.some(({ answer }) => answer.status === 409)).toBe(true);
  });

  test('3.4 nobody is refused for anything but a stale version of his own or the strict policy', () => {
    for (const { answer, version, violating } of attempts) {
      if (answer.status === 200) continue;
      const expected = answer.status === 409 ? 'errors.optimisticLockingFailure' : 'errors.certificatePolicyViolated';
      expect([answer.status, codesOf(answer)[0]]).toEqual([answer.status === 409 ? 409 : 422, expected]);
      expect(answer.status === 409 ? version !== undefined : violating).toBe(true);
    }
  });

  test('3.2, 3.4, 10.1 every 200 stands in the audit log exactly once, as its own version, and there is no gap', () => {
    const changes = auditLog.slice(1);
    expect(auditLog.map(({ version }) => version)).toEqual(auditLog.map((_, index) => index + 1));
    expect(changes).toHaveLength(stored().length);
    const byRequest = new Map(changes.map((entry) => [entry.requestId, entry]));
    expect(byRequest.size).toBe(changes.length);
    for (const { requestId, comment, version, fingerprint, answer } of stored()) {
      const entry = byRequest.get(requestId);
      expect(entry).toMatchObject({ version: answer.body.version as number, comment, after: { comment } });
      expect(answer.body.modificationComment).toBe(comment);
      if (version !== undefined) expect(entry?.version).toBe(version + 1);
      if (fingerprint !== undefined) expect(hexOf(entry)).toBe(fingerprint.replaceAll(':', '').toLowerCase());
    }
  });

  test('3.1, 3.4 no update is lost: what a change did not send is what the version before had', () => {
    const sent = new Map(stored().map((attempt) => [attempt.requestId, attempt]));
    for (const [index, entry] of auditLog.entries()) {
      if (index === 0 || sent.get(entry.requestId)?.fingerprint !== undefined) continue;
      expect(hexOf(entry)).toBe(hexOf(auditLog[index - 1]));
      expect(entry.der).toBe(null);
    }
  });

  test('3.2 the row is the last version of the audit log', async () => {
    const { body } = (await fixture.read(path)) as { body: Record<string, string> };
    const last = auditLog.at(-1);
    expect(body).toMatchObject({ version: last?.version, modificationComment: last?.comment });
    expect(body['fingerprint']?.replaceAll(':', '').toLowerCase()).toBe(hexOf(last));
  });

  test('3.4 nothing is stored that was evaluated by a policy which no longer holds', async () => {
    const strict = await fixture.app.dataSource.query<{ version: number }[]>(
      'select version from witness where strict',
    );
    const violating = new Set(stored().flatMap((attempt) => (attempt.violating ? [attempt.requestId] : [])));
    const versions = new Set(strict.map(({ version }) => version));
    const underStrict = auditLog.filter(({ version }) => versions.has(version ?? 0));
    // Both policies saw changes, and the one let pass what the other may not, or this would prove nothing.
    expect(underStrict.length).toBeGreaterThan(0);
    expect(violating.size).toBeGreaterThan(0);
    expect(underStrict.filter(({ requestId }) => violating.has(requestId))).toEqual([]);
  });

  test('3.4 nobody who came and went under the tolerant policy is refused by the strict one', () => {
    const tolerant = reigns.filter(({ strict }) => !strict);
    const inside = attempts.filter(({ began, ended }) => tolerant.some(({ from, to }) => from < began && ended < to));
    expect(inside.filter(({ violating }) => violating).length).toBeGreaterThan(0);
    expect(inside.filter(({ answer }) => answer.status === 422)).toEqual([]);
  });
});

test('3.8 of 50 who register one certificate at once one wins, and the others get the plain refusal', async () => {
  const certificate = await fixture.pem('wanted by all');
  const answers = await times(async (index) => {
    const body = { extId: `same-certificate-${index}`, certificate };
    return await send(fixture.app, 'POST', fixture.path(), { token: fixture.token, body });
  });
  expectOneWinner(answers, 'errors.certificateExists');
});

test('3.8 of 50 who take one extId at once one wins, and the others get the plain refusal', async () => {
  const certificates = await times(async (index) => await fixture.pem(`taker ${index}`));
  const answers = await times(async (index) => {
    const body = { extId: 'same-ext-id', certificate: certificates[index] };
    return await send(fixture.app, 'POST', fixture.path(), { token: fixture.token, body });
  });
  expectOneWinner(answers, 'errors.duplicateValue');
  expect(await eventsOf('same-ext-id')).toHaveLength(1);
});

test('3.8 of 50 credentials that are given one certificate at once one wins', async () => {
  const paths = await times(async (index) => await fixture.register(`receiver-${index}`));
  const certificate = await fixture.pem('given to all');
  const answers = await times(async (index) => await fixture.patch(paths[index] ?? '', { certificate }));
  expectOneWinner(answers, 'errors.certificateExists', 200);
});

function expectOneWinner(answers: readonly Answer[], code: string, status = 201): void {
  const winners = answers.filter((answer) => answer.status === status);
  const losers = answers.filter((answer) => answer.status !== status);
  expect(winners).toHaveLength(1);
  expect(new Set(losers.map((answer) => `${answer.status} ${codesOf(answer).join()}`))).toEqual(
    new Set([`422 ${code}`]),
  );
}

test('3.2 of 50 who change one version one wins', async () => {
  const path = await fixture.register('one-version');
  const answers = await times(
    async (index) => await fixture.patch(path, { version: 1, modificationComment: `of ${index}` }),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(WRITERS - 1);
});

test('3.4 changes and deletions at once: each change stands before the deletion, and all others find nothing', async () => {
  const path = await fixture.register('deleted-under-way');
  const answers = await times(async (index) =>
    index % 10 === 9
      ? await send(fixture.app, 'DELETE', path, { token: fixture.token })
      : await fixture.patch(path, { modificationComment: `of ${index}` }),
  );
  const counted = (status: number) => answers.filter((answer) => answer.status === status).length;
  expect(counted(204)).toBe(1);
  expect(counted(200) + counted(204) + counted(404)).toBe(WRITERS);
  const entries = await eventsOf('deleted-under-way');
  expect(entries.filter(({ action }) => action === 'changed')).toHaveLength(counted(200));
  expect(entries.filter(({ action }) => action === 'deleted')).toHaveLength(1);
});
