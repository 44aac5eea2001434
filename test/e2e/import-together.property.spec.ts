import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { ImportAction } from '../../src/bulk/import/import-action.js';
import { ImportFixture, resultsOf } from '../support/import-fixture.js';

const RUNS = 25;

/** Without what differs between two imports of the same file; generated ids are left out below. */
const STORED = `select jsonb_agg(row) as rows from (
    select to_jsonb(u) - array['client_ext_id', 'created', 'last_modified', 'search_text'] as row
      from users u where client_ext_id = $1
    union all select to_jsonb(c) - array['client_ext_id', 'created', 'last_modified', 'valid_from']
      from credentials c where client_ext_id = $1
    union all select to_jsonb(e) - array['client_ext_id', 'at', 'changes', 'after']
      from audit_events e where client_ext_id = $1 and kind in ('user', 'certificate')) stored`;

const GENERATED = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

let app: ImportFixture;
let certificates: readonly string[];
/** Of each of the credentials `c1`, `c3` and so on two, which no other line names. */
let ownCertificates: readonly (readonly string[])[];

beforeAll(async () => {
  app = await ImportFixture.start();
  const long = { notAfter: '2035-01-01T00:00:00Z' };
  certificates = await Promise.all([
    ...[1, 2, 3, 4].map(async (number) => await app.fixture.pem(`Certificate ${number}`)),
    ...[5, 6].map(async (number) => await app.fixture.pem(`Certificate ${number}`, long)),
  ]);
  ownCertificates = await Promise.all(
    Array.from({ length: 10 }, async (_, number) => {
      return await Promise.all([1, 2].map(async (which) => await app.fixture.pem(`Own ${number} ${which}`)));
    }),
  );
});

afterAll(async () => await app.close());

/** A client with the policies of the fixture; the same in all clients of this name's end. */
async function newClient(extId: string): Promise<void> {
  const { builders } = app.fixture;
  await builders.client(extId);
  await builders.policy(extId, 'default');
  await builders.policy(extId, 'tolerant', { certificateUploadCheck: 'tolerant', maxValidityDays: '397' });
  await builders.policy(extId, 'strict', { certificateUploadCheck: 'strict', maxValidityDays: '397' });
}

async function stored(client: string): Promise<readonly string[]> {
  const [found] = await app.fixture.app.dataSource.query<{ rows: readonly unknown[] | null }[]>(STORED, [client]);
  return (found?.rows ?? []).map((row) => JSON.stringify(row).replaceAll(GENERATED, 'generated')).toSorted();
}

const digit = fc.nat({ max: 9 });
const maybe = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined, freq: 2 });
const seldom = <Value>(values: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: values });

/** Lines that collide often: with each other, and with what is there already. */
const lines = fc
  .array(
    fc.record({
      user: digit,
      loginId: maybe(digit),
      remarks: maybe(fc.constantFrom('a', 'b', null)),
      userState: seldom(fc.constantFrom('disabled', 'active', 'archived')),
      isTechnicalUser: seldom(fc.boolean()),
      certificate: maybe(fc.nat({ max: 5 })),
      certificateExtId: seldom(digit),
      policyExtId: seldom(fc.constantFrom('default', 'tolerant', 'strict', 'unknown')),
      stateName: seldom(fc.constantFrom('active', 'disabled', 'archived')),
    }),
    { minLength: 2, maxLength: 30 },
  )
  .map((all) =>
    all.map(({ user, loginId, certificate, certificateExtId, ...members }) => ({
      ...members,
      userExtId: `u${user}`,
      loginId: loginId === undefined ? undefined : loginIdOf(user, loginId),
      certificate: certificate === undefined ? undefined : certificateOf(certificate, certificateExtId),
      certificateExtId: certificateExtId === undefined ? undefined : `c${certificateExtId}`,
    })),
  );

/**
 * What one line gives up, and a line about another user takes, has no order among them: the second one may be refused or not.
 * So whoever names what others name, too, keeps to it, and whoever changes has the former and the new one to themselves.
 */
const loginIdOf = (user: number, chosen: number): string =>
  user % 2 === 0 ? `l${user % 4}` : `l${user}-${chosen % 2}`;

function certificateOf(chosen: number, extId: number | undefined): string | undefined {
  if (extId === undefined) return certificates[chosen];
  return extId % 2 === 0 ? certificates[extId / 2] : ownCertificates[extId]?.[chosen % 2];
}

test('17.4 lines that share transactions leave the same rows and results as lines one by one', async () => {
  const action = app.fixture.app.get(ImportAction) as { rowsTogether: number };
  const together = action.rowsTogether;
  const changed = new Set<string>();
  let number = 0;
  await fc.assert(
    fc.asyncProperty(lines, fc.nat({ max: 3 }), async (file, missing) => {
      number += 1;
      const clients = [`together-${number}`, `alone-${number}`];
      const token = await app.token({
        data_room: { clients },
        ...(missing === 0 && { roles: undefined, permissions: RIGHTS }),
      });
      const outcomes = [];
      for (const [index, client] of clients.entries()) {
        await newClient(client);
        action.rowsTogether = index === 0 ? together : 1;
        const imported = [];
        // Twice, so that the second one finds what the first one has made.
        for (let run = 1; run <= 2; run += 1) imported.push(await app.importLines(file, { client, token }));
        for (const one of imported.flatMap(resultsOf)) changed.add(one.replace(/^\d+ /, ''));
        outcomes.push({ rows: imported.map(({ rows }) => rows), stored: await stored(client) });
      }
      const [one, other] = outcomes;
      expect(withoutRequests(one)).toEqual(withoutRequests(other));
    }),
    { numRuns: RUNS, examples: [[refusedByRulesAndByDatabase(), 1]] },
  );
  action.rowsTogether = together;
  // The files are of all kinds.
  expect([...changed]).toEqual(expect.arrayContaining(['changed', 'unchanged']));
  expect([...changed].join('\n')).toContain('certificatePolicyViolated');
  expect([...changed].join('\n')).toContain('duplicateValue loginId');
});

/** A line of which the user would be stored and the certificate refused, and one whose loginId another user has by then. */
function refusedByRulesAndByDatabase() {
  const nothing = { remarks: undefined, userState: undefined, isTechnicalUser: undefined, policyExtId: undefined };
  const line = { ...nothing, stateName: undefined, loginId: undefined, certificateExtId: undefined };
  return [
    { ...line, userExtId: 'u0', loginId: 'l1', certificate: certificates[0] },
    { ...line, userExtId: 'u1', loginId: 'l2', certificate: certificates[4], policyExtId: 'strict' as const },
    { ...line, userExtId: 'u2', loginId: 'l3', certificate: certificates[1] },
    { ...line, userExtId: 'u3', loginId: 'l1', certificate: certificates[2] },
    { ...line, userExtId: 'u4', loginId: 'l4', certificate: certificates[3] },
  ];
}

const RIGHTS = [
  'UserView',
  'UserCreate',
  'UserModify',
  'CredentialView',
  'CredentialCreate',
  'CredentialModify',
  'BatchJobView',
].map((right) => `AccessControl.${right}`);

function withoutRequests(outcome: unknown): unknown {
  return JSON.parse(JSON.stringify(outcome, (name, value: unknown) => (name === 'requestId' ? undefined : value)));
}
