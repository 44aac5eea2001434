import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { type Answer, codesOf, send } from '../support/http.js';
import { type Operation, OPERATIONS, pathOf } from '../support/operations.js';

let fixture: Fixture;
let credential: string;
let before: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  credential = await fixture.register('cert-1', { policyExtId: 'tolerant' });
  await fixture.register('strict-1', { policyExtId: 'strict' });
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => {
  before = await fixture.stored();
});

const tooLong = async (name: string) => await fixture.pem(name, { notAfter: '2030-01-01T00:00:00Z' });

const withoutOutcome = ({ body }: Answer): unknown => {
  const { _policyOutcome: _, ...rest } = body as Record<string, unknown>;
  return rest;
};

const post = async (body: object, query = ''): Promise<Answer> =>
  await send(fixture.app, 'POST', fixture.path() + query, { token: fixture.token, body });

test('1.4 a dry-run PATCH gets the answer of the real one, and writes nothing', async () => {
  const body = { certificate: await tooLong('tolerated'), modificationComment: 'dry', version: 1 };
  const dry = await fixture.patch(`${credential}?dryRun=true`, body);
  expect(dry.status).toBe(200);
  expect([dry.headers.get('etag'), dry.headers.get('location')]).toEqual([null, null]);
  expect(await fixture.stored()).toBe(before);
  expect(dry.body['_policyOutcome']).toContainEqual({
    rule: 'maxValidityDays',
    passed: false,
    parameter: 'maxValidityDays',
    expected: 'at most 397 days',
    found: '1461 days',
    remedy: expect.stringContaining('397 days') as unknown,
  });
  const passed = (dry.body['_policyOutcome'] as { rule: string; passed: boolean }[]).filter(
    (outcome) => outcome.passed,
  );
  expect(passed.map(({ rule }) => rule).toSorted()).toEqual(['requireCurrentlyValid', 'wellFormed']);
  const real = await fixture.patch(credential, body);
  expect([real.status, real.body as unknown]).toEqual([200, withoutOutcome(dry)]);
  expect(real.body).toMatchObject({ version: 2, stateName: 'disabled', stateChangeReason: 'policy-check-failed' });
});

test('1.4 a dry-run PATCH without effect keeps the version', async () => {
  const read = await fixture.read(credential);
  const dry = await fixture.patch(`${credential}?dryRun=true`, {});
  expect(dry.body).toEqual({ ...read.body, _policyOutcome: [] });
  expect(await fixture.stored()).toBe(before);
});

test('1.4 a dry-run POST gets the answer of the real one, and writes nothing', async () => {
  const body = { extId: 'dry-1', certificate: await tooLong('new'), policyExtId: 'tolerant' };
  const dry = await post(body, '?dryRun=true');
  expect(dry.status).toBe(201);
  expect([dry.headers.get('etag'), dry.headers.get('location')]).toEqual([null, null]);
  expect(await fixture.stored()).toBe(before);
  expect((await fixture.read(`${fixture.path()}/dry-1`)).status).toBe(404);
  const real = await post(body);
  expect([real.status, real.body as unknown]).toEqual([201, withoutOutcome(dry)]);
  expect(real.headers.get('location')).toBe(`${fixture.path()}/dry-1`);
});

test('1.4 a dry run gets the same refusal as the real request', async () => {
  const headers = { 'X-Request-Id': 'same-for-both' };
  const other = (await fixture.read(`${fixture.path()}/strict-1`)).body as { certificate: string };
  const patches: [string, object, string][] = [
    [credential, { version: 77 }, 'errors.optimisticLockingFailure'],
    [credential, { certificate: other.certificate }, 'errors.certificateExists'],
    [`${fixture.path()}/strict-1`, { certificate: await tooLong('refused') }, 'errors.certificatePolicyViolated'],
    [`${fixture.path()}/nothing`, {}, 'errors.noRecord'],
    [credential, { other: 1 }, 'errors.invalidData'],
  ];
  const posts: [object, string][] = [
    [{ extId: 'new-1', certificate: other.certificate }, 'errors.certificateExists'],
    [{ extId: 'cert-1', certificate: await fixture.pem('new') }, 'errors.duplicateValue'],
    [{ certificate: await tooLong('refused'), policyExtId: 'strict' }, 'errors.certificatePolicyViolated'],
    [{ certificate: await fixture.pem('new'), policyExtId: 'nowhere' }, 'errors.invalidData'],
  ];
  const { app, token } = fixture;
  const sent = [
    ...patches.map(([path, body, code]) => ['PATCH', path, body, code] as const),
    ...posts.map(([body, code]) => ['POST', fixture.path(), body, code] as const),
  ];
  for (const [method, path, body, code] of sent) {
    const dry = await send(app, method, `${path}?dryRun=true`, { token, headers, body });
    const real = await send(app, method, path, { token, headers, body });
    expect([dry.status, codesOf(dry)[0]]).toEqual([real.status, code]);
    expect(dry.body).toEqual(real.body);
  }
  expect(await fixture.stored()).toBe(before);
});

test('1.4 a dry run needs the rights of the real request', async () => {
  const path = `${credential}?dryRun=true`;
  const token = await fixture.app.token({ roles: ['nevisIdm.HistoryView'] });
  expect((await send(fixture.app, 'PATCH', path, { token, body: {} })).status).toBe(403);
  const self = await fixture.app.token({ sub: 'helper-7', roles: ['nevisIdm.SelfAdmin'] });
  expect((await send(fixture.app, 'PATCH', path, { token: self, body: {} })).status).toBe(401);
});

const writesWithoutDryRun = OPERATIONS.filter(({ method, query }) => method !== 'GET' && !query.includes('dryRun'));

test.each(writesWithoutDryRun.map((operation): [string, Operation] => [operation.title, operation]))(
  '1.4 %s has no dry run, and a request for one changes nothing',
  async (_, operation) => {
    const token = await fixture.app.token({ data_room: { clients: ['*'] } });
    const path = `${pathOf(operation, '100', 'helper-7', 'cert-1')}?dryRun=true`;
    const answer = await send(fixture.app, operation.method, path, { token, body: {} });
    expect([answer.status, (answer.body as { errors: unknown }).errors]).toEqual([
      422,
      [
        expect.objectContaining({
          field: 'query',
          message: expect.stringMatching(/^dryRun is not a query parameter of this path\./) as string,
        }),
      ],
    ]);
    expect(await fixture.stored()).toBe(before);
  },
);
