import { Not } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { AuditEventRow } from '../../src/audit/audit-event.table.js';
import { Fixture } from '../support/fixture.js';
import { type Answer, codesOf, CORE, send } from '../support/http.js';

const WRITERS = 50;
/** How often the policy changes before the race ends, however long that takes; more often where nobody waits for it. */
const POLICY_CHANGES = process.env['CI'] === undefined ? 4 : 16;
/** By then at least one writer has sent two requests in a row, and one of any two has a violating certificate. */
const ANSWERS_PER_POLICY = 2 * WRITERS;

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

/** One request of a writer: what it sent, when, and what was answered. */
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

/** The time in which one policy applied: from the answer to its change until before the next change is sent. */
interface PolicyPeriod {
  readonly strict: boolean;
  readonly from: number;
  readonly to: number;
}

/**
 * Records for each version, while it is committed, whether the policy is the strict one then. A server that evaluates by a
 * policy and does not lock it until the commit is caught by this, however short the time between.
 */
const RECORD_POLICY = [
  'create table policy_at_commit (version integer primary key, strict boolean not null)',
  `create function record_policy() returns trigger language plpgsql as $$
    begin
      insert into policy_at_commit select new.version, p.parameters ? 'certificateUploadCheck' from policies p
        where p.client_ext_id = new.client_ext_id and p.ext_id = new.policy_ext_id;
      return null;
    end $$`,
  `create constraint trigger record_policy after update on credentials deferrable initially deferred
    for each row when (new.ext_id = 'raced') execute function record_policy()`,
];

interface Certificates {
  readonly good: string;
  readonly violating: string;
}

describe('50 writers of one credential while its policy alternates between strict and tolerant', () => {
  const attempts: Attempt[] = [];
  const periods: PolicyPeriod[] = [];
  const end = new AbortController();
  let auditLog: readonly AuditEventRow[];
  let path: string;

  beforeAll(async () => {
    await fixture.builders.policy('100', 'switching');
    path = await fixture.register('raced', { policyExtId: 'switching' });
    for (const statement of RECORD_POLICY) await fixture.app.dataSource.query(statement);
    const certificates = await times(async (index) => ({
      good: await fixture.pem(`good ${index}`),
      violating: await fixture.pem(`violating ${index}`, { notAfter: '2030-01-01T00:00:00Z' }),
    }));
    try {
      await Promise.all([changePolicy(), ...certificates.map(async (own, index) => await write(index, own))]);
    } finally {
      end.abort();
    }
    auditLog = await eventsOf('raced');
  });

  async function changePolicy(): Promise<void> {
    for (let strict = true; periods.length < POLICY_CHANGES; strict = !strict) {
      const parameters = strict ? { certificateUploadCheck: 'strict', maxValidityDays: '397' } : {};
      const changed = await send(fixture.app, 'PATCH', `${CORE}/100/policies/switching`, {
        token: await fixture.app.token(),
        body: { parameters },
      });
      expect(changed.status, JSON.stringify(changed.body)).toBe(200);
      const from = performance.now();
      const answered = (): number => attempts.filter(({ began }) => began > from).length;
      while (answered() < ANSWERS_PER_POLICY && !end.signal.aborted) await new Promise(setImmediate);
      periods.push({ strict, from, to: performance.now() });
    }
    end.abort();
  }

  async function write(writer: number, { good, violating }: Certificates): Promise<void> {
    let known = 1;
    for (let round = 0; !end.signal.aborted; round += 1) {
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

  test('3.4 changes are stored under both policies, and stale ones are refused', () => {
    expect(periods.map(({ strict }) => strict)).toEqual(periods.map((_, index) => index % 2 === 0));
    expect(stored().length).toBeGreaterThan(WRITERS);
    expect(attempts.some(({ answer }) => answer.status === 409)).toBe(true);
  });

  test('3.4 a writer is refused only for a stale version or by the strict policy', () => {
    for (const { answer, version, violating } of attempts) {
      if (answer.status === 200) continue;
      const expected = answer.status === 409 ? 'errors.optimisticLockingFailure' : 'errors.certificatePolicyViolated';
      expect([answer.status, codesOf(answer)[0]]).toEqual([answer.status === 409 ? 409 : 422, expected]);
      expect(answer.status === 409 ? version !== undefined : violating).toBe(true);
    }
  });

  test('3.2, 3.4, 10.1 every 200 is in the audit log exactly once, as a version of its own, without gaps', () => {
    const changes = auditLog.slice(1);
    expect(auditLog.map(({ version }) => version)).toEqual(auditLog.map((_, index) => index + 1));
    expect(changes).toHaveLength(stored().length);
    const byRequest = new Map(changes.map((entry) => [entry.requestId, entry]));
    expect(byRequest.size).toBe(changes.length);
    for (const { requestId, comment, version, fingerprint, answer } of stored()) {
      const entry = byRequest.get(requestId);
      expect(entry).toMatchObject({ version: answer.body.version as number, comment });
      expect(answer.body.modificationComment).toBe(comment);
      if (version !== undefined) expect(entry?.version).toBe(version + 1);
      if (fingerprint !== undefined) expect(hexOf(entry)).toBe(fingerprint.replaceAll(':', '').toLowerCase());
    }
  });

  test('3.1, 3.4 no update is lost: a member that a change did not send keeps its value', () => {
    const sent = new Map(stored().map((attempt) => [attempt.requestId, attempt]));
    for (const [index, entry] of auditLog.entries()) {
      if (index === 0 || sent.get(entry.requestId)?.fingerprint !== undefined) continue;
      expect(hexOf(entry)).toBe(hexOf(auditLog[index - 1]));
      expect(entry.der).toBe(null);
    }
  });

  test('3.2 the credential is the last version of the audit log', async () => {
    const { body } = (await fixture.read(path)) as { body: Record<string, string> };
    const last = auditLog.at(-1);
    expect(body).toMatchObject({ version: last?.version, modificationComment: last?.comment });
    expect(body['fingerprint']?.replaceAll(':', '').toLowerCase()).toBe(hexOf(last));
  });

  test('3.4 nothing is stored that was evaluated by a policy which no longer applies', async () => {
    const strict = await fixture.app.dataSource.query<{ version: number }[]>(
      'select version from policy_at_commit where strict',
    );
    const violating = new Set(stored().flatMap((attempt) => (attempt.violating ? [attempt.requestId] : [])));
    const versions = new Set(strict.map(({ version }) => version));
    const underStrict = auditLog.filter(({ version }) => versions.has(version ?? 0));
    // Otherwise this test would prove nothing.
    expect(underStrict.length).toBeGreaterThan(0);
    expect(violating.size).toBeGreaterThan(0);
    expect(underStrict.filter(({ requestId }) => violating.has(requestId))).toEqual([]);
  });

  test('3.4 a request that began and ended under the tolerant policy is not refused by the strict one', () => {
    const tolerant = periods.filter(({ strict }) => !strict);
    const inside = attempts.filter(({ began, ended }) => tolerant.some(({ from, to }) => from < began && ended < to));
    expect(inside.filter(({ violating }) => violating).length).toBeGreaterThan(0);
    expect(inside.filter(({ answer }) => answer.status === 422)).toEqual([]);
  });
});

test('3.8 of 50 registrations of one certificate at once one succeeds, and the others get 422', async () => {
  const certificate = await fixture.pem('wanted by all');
  const answers = await times(async (index) => {
    const body = { extId: `same-certificate-${index}`, certificate };
    return await send(fixture.app, 'POST', fixture.path(), { token: fixture.token, body });
  });
  expectOneSuccess(answers, 'errors.certificateExists');
});

test('3.8 of 50 registrations with one extId at once one succeeds, and the others get 422', async () => {
  const certificates = await times(async (index) => await fixture.pem(`taker ${index}`));
  const answers = await times(async (index) => {
    const body = { extId: 'same-ext-id', certificate: certificates[index] };
    return await send(fixture.app, 'POST', fixture.path(), { token: fixture.token, body });
  });
  expectOneSuccess(answers, 'errors.duplicateValue');
  expect(await eventsOf('same-ext-id')).toHaveLength(1);
});

test('3.8 of 50 credentials that are given one certificate at once one gets it, and the others get 422', async () => {
  const paths = await times(async (index) => await fixture.register(`receiver-${index}`));
  const certificate = await fixture.pem('given to all');
  const answers = await times(async (index) => await fixture.patch(paths[index] ?? '', { certificate }));
  expectOneSuccess(answers, 'errors.certificateExists', 200);
});

function expectOneSuccess(answers: readonly Answer[], code: string, status = 201): void {
  const succeeded = answers.filter((answer) => answer.status === status);
  const refused = answers.filter((answer) => answer.status !== status);
  expect(succeeded).toHaveLength(1);
  expect(new Set(refused.map((answer) => `${answer.status} ${codesOf(answer).join()}`))).toEqual(
    new Set([`422 ${code}`]),
  );
}

test('3.2 of 50 changes of one version at once one succeeds, and the others get 409', async () => {
  const path = await fixture.register('one-version');
  const answers = await times(
    async (index) => await fixture.patch(path, { version: 1, modificationComment: `of ${index}` }),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(WRITERS - 1);
});

test('3.4 changes and deletions at once: changes precede the deletion, and every later request gets 404', async () => {
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
