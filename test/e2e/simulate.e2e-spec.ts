import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { LongRequestTurns } from '../../src/common/long-request-turns.js';
import { toPem } from '../../src/x509/certificate/pem.js';
import { CORE, codesOf, fieldsOf, type Answer, send } from '../support/http.js';
import { entry, KEY_COMPROMISE, RevocationChecksFixture } from '../support/revocation-checks-fixture.js';
import { authority, endEntity, type Issued } from '../support/signed-certificate.js';

interface Line {
  readonly extId: string;
  readonly userExtId: string;
  readonly from: string;
  readonly to: string;
  readonly rules: readonly { readonly rule: string; readonly passed: boolean }[];
}

interface Summary {
  readonly evaluated: number;
  readonly changed: number;
  readonly byRule: Readonly<Record<string, number>>;
  readonly wouldBeDisabled: number;
  readonly wouldBeRefused: number;
  readonly seconds: number;
}

const STRICT = { certificateUploadCheck: 'strict' };
const CHAINED = { ...STRICT, trustAnchors: 'set-1' };

let fixture: RevocationChecksFixture;
let issued: Readonly<Record<'long' | 'short' | 'foreign', Issued>>;

beforeAll(async () => {
  fixture = await RevocationChecksFixture.start();
  const { issuing } = fixture;
  issued = {
    long: endEntity(issuing),
    short: endEntity(issuing, { notBefore: '260101000000Z', notAfter: '260701000000Z' }),
    foreign: endEntity(authority('Foreign')),
  };
  await fixture.createPolicy('100', 'p-1', { trustAnchors: undefined, certificateUploadCheck: 'none' });
  for (const [extId, leaf] of Object.entries(issued)) await fixture.register(extId, leaf, { policyExtId: 'p-1' });
  await fixture.register('of-another-policy', endEntity(issuing), { policyExtId: 'without' });
});

afterAll(async () => await fixture.close());

const path = (extId = 'p-1', client = '100'): string => `${CORE}/${client}/policies/${extId}/simulate`;

async function start(parameters: object, signal?: AbortSignal): Promise<Response> {
  const token = await fixture.app.token({ data_room: { clients: ['*'] } });
  return await fetch(fixture.app.url + path(), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ parameters }),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function simulate(parameters: object): Promise<{ readonly lines: readonly Line[]; readonly summary: Summary }> {
  const answer = await start(parameters);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
  const lines = (await answer.text()).trimEnd().split('\n');
  const read = lines.map((line) => JSON.parse(line) as Line & Summary);
  const summary = read.pop();
  if (summary === undefined) throw new Error('There is no summary.');
  return { lines: read, summary };
}

async function refused(
  body: object,
  { extId = 'p-1', client = '100', ...claims }: { extId?: string; client?: string; [claim: string]: unknown } = {},
): Promise<Answer> {
  const token = await fixture.app.token({ data_room: { clients: ['100'] }, ...claims });
  return await send(fixture.app, 'POST', path(extId, client), { token, body });
}

async function stored(): Promise<unknown> {
  return await fixture.app.dataSource.query(
    `select (select count(*) from audit_events) as events, (select sum(version) from credentials) as versions,
      (select sum(version) from policies) as policies`,
  );
}

const changesOf = (lines: readonly Line[]) => lines.map(({ extId, from, to }) => [extId, from, to].join(' '));

describe('a simulated policy', () => {
  beforeEach(async () => await fixture.putCrl());

  test('14.5 lists each certificate that it would treat in another way, then the summary, and writes nothing', async () => {
    const before = await stored();
    const { lines, summary } = await simulate({ ...STRICT, maxValidityDays: '200' });
    expect(changesOf(lines)).toEqual(['foreign accepted refused', 'long accepted refused']);
    expect(lines[0]).toMatchObject({ userExtId: 'helper-7', rules: [{ rule: 'maxValidityDays', passed: false }] });
    expect(summary).toEqual({
      evaluated: 3,
      changed: 2,
      byRule: { maxValidityDays: 2 },
      wouldBeDisabled: 0,
      wouldBeRefused: 2,
      seconds: expect.any(Number) as number,
    });
    expect(await stored()).toEqual(before);
  });

  test('14.5 ok/nothing changes', async () => {
    expect(await simulate(STRICT)).toMatchObject({ lines: [], summary: { evaluated: 3, changed: 0, byRule: {} } });
  });

  test('14.5 a tolerant policy would disable', async () => {
    const { lines, summary } = await simulate({ certificateUploadCheck: 'tolerant', maxValidityDays: '200' });
    expect(changesOf(lines)).toEqual(['foreign accepted disabled', 'long accepted disabled']);
    expect(summary).toMatchObject({ wouldBeDisabled: 2, wouldBeRefused: 0 });
  });

  test('14.5 a trust-anchor set that the policy does not name yet', async () => {
    const { lines, summary } = await simulate(CHAINED);
    expect(changesOf(lines)).toEqual(['foreign accepted refused']);
    expect(summary.byRule).toEqual({ trustAnchors: 1 });
  });

  test('14.5 revocation, by what is stored', async () => {
    await fixture.putCrl({ entries: [entry(issued.short, KEY_COMPROMISE)] });
    const soft = await simulate({ ...CHAINED, revocationCheck: 'soft' });
    expect(changesOf(soft.lines)).toEqual(['foreign accepted refused', 'short accepted refused']);
    expect(soft.summary.byRule).toEqual({ revocationCheck: 1, trustAnchors: 1 });
    // Nothing is known about the issuing CA.
    const hard = await simulate({ ...CHAINED, revocationCheck: 'hard' });
    expect(hard.summary).toMatchObject({ changed: 3, byRule: { revocationCheck: 2, trustAnchors: 1 } });
    await fixture.putCrl({ issuer: fixture.root }, 'root');
    expect(changesOf((await simulate({ ...CHAINED, revocationCheck: 'hard' })).lines)).toEqual(changesOf(soft.lines));
  });

  test('14.5 one JSON object for a caller that accepts only that', async () => {
    const token = await fixture.app.token({ data_room: { clients: ['100'] } });
    const body = { parameters: { ...STRICT, maxValidityDays: '200' } };
    const headers = { accept: 'application/json' };
    const answer = await send(fixture.app, 'POST', path(), { token, headers, body });
    expect(answer).toMatchObject({
      status: 200,
      body: { summary: { changed: 2 }, changes: [{ extId: 'foreign' }, { extId: 'long' }] },
    });
  });

  test('14.2 what it says is what an upload under the changed policy gets', async () => {
    const parameters = { ...CHAINED, maxValidityDays: '200' };
    const { lines } = await simulate(parameters);
    await fixture.createPolicy('100', 'p-2', parameters);
    const verdicts = await Promise.all(
      Object.entries(issued).map(async ([extId, { der }]) => {
        const body = { certificate: toPem(der), policyExtId: 'p-2', userExtId: 'helper-7' };
        const explained = await fixture.request('POST', '/100/certificates/explain', body);
        const failed = (explained.body as { rules: Line['rules'] }).rules.filter(({ passed }) => !passed);
        return [extId, failed.map(({ rule }) => rule)] as const;
      }),
    );
    const simulated = new Map(lines.map(({ extId, rules }) => [extId, rules.map(({ rule }) => rule)]));
    for (const [extId, failed] of verdicts) expect([extId, simulated.get(extId) ?? []]).toEqual([extId, failed]);
  });

  test('14.5 more certificates than one batch are each evaluated once', async () => {
    const copies = Array.from({ length: 450 }, (_, index) => [`copy-${index}`, endEntity(fixture.issuing)] as const);
    await fixture.copy('long', copies);
    const { lines, summary } = await simulate({ ...CHAINED, maxValidityDays: '200' });
    expect(summary).toMatchObject({ evaluated: 453, changed: 452 });
    expect(new Set(lines.map(({ extId }) => extId)).size).toBe(452);
    await fixture.app.dataSource.query(`delete from credentials where ext_id like 'copy-%'`);
  });

  test('14.5 archived certificates are not evaluated', async () => {
    await fixture.app.dataSource.query(`update credentials set state = 'archived' where ext_id = 'foreign'`);
    expect((await simulate(STRICT)).summary.evaluated).toBe(2);
    await fixture.app.dataSource.query(`update credentials set state = 'active' where ext_id = 'foreign'`);
  });

  test('14.5 it ends when the caller hangs up, which is no defect', async () => {
    const copies = Array.from({ length: 600 }, (_, index) => [`copy-${index}`, endEntity(fixture.issuing)] as const);
    await fixture.copy('long', copies);
    const queue = fixture.app.get(LongRequestTurns).simulations;
    const hangUp = new AbortController();
    const answer = await start({ ...STRICT, maxValidityDays: '200' }, hangUp.signal);
    hangUp.abort();
    await expect(answer.text()).rejects.toThrow();
    while (queue.heldCount > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(fixture.app.log.filter((line) => line.includes('defect'))).toEqual([]);
    await fixture.app.dataSource.query(`delete from credentials where ext_id like 'copy-%'`);
    expect((await simulate(STRICT)).summary.changed).toBe(0);
  });

  test('14.5 several at once take turns', async () => {
    const [one, other] = await Promise.all([simulate(STRICT), simulate({ ...STRICT, maxValidityDays: '200' })]);
    expect([one.summary.changed, other.summary.changed]).toEqual([0, 2]);
  });
});

describe('a simulation is refused', () => {
  test.each<[object, string[]]>([
    [{}, ['parameters']],
    [{ parameters: { maxValidityDay: '1' } }, ['parameters.maxValidityDay']],
    [{ parameters: { trustAnchors: 'unknown' } }, ['parameters.trustAnchors']],
    [{ parameters: { revocationCheck: 'hard' } }, ['parameters.revocationCheck']],
    [{ parameters: {}, name: 'x' }, ['name']],
  ])('14.5 fail/%j', async (body, fields) => {
    const answer = await refused(body);
    expect([answer.status, fieldsOf(answer)]).toEqual([422, fields]);
  });

  test('14.5 fail/a policy of another type', async () => {
    const policy = { policyType: 'PwdPolicy', extId: 'pwd', name: 'Passwords' };
    await fixture.request('POST', '/100/policies', policy);
    const answer = await refused({ parameters: {} }, { extId: 'pwd' });
    expect([answer.status, codesOf(answer)]).toEqual([422, ['errors.invalidData']]);
  });

  test('14.5 fail/an unknown policy, and one of another client', async () => {
    expect((await refused({ parameters: {} }, { extId: 'unknown' })).status).toBe(404);
    expect((await refused({ parameters: {} }, { client: '200', data_room: { clients: ['*'] } })).status).toBe(404);
    expect((await refused({ parameters: {} }, { client: '200' })).status).toBe(403);
  });

  test.each([['PolicyView'], ['CredentialView']])('14.5 fail/with only %s', async (permission) => {
    const answer = await refused({ parameters: {} }, { roles: undefined, permissions: [permission] });
    expect([answer.status, codesOf(answer)]).toEqual([403, ['errors.permissionDenied']]);
  });
});
