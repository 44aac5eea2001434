import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { type Answer, codesOf, send } from '../support/http.js';
import { type Operation, OPERATIONS, pathOf } from '../support/operations.js';
import { World } from '../support/world.js';

let world: World;
let credential: string;
let before: string;

beforeAll(async () => {
  world = await World.start();
  credential = await world.register('cert-1', { policyExtId: 'tolerant' });
  await world.register('strict-1', { policyExtId: 'strict' });
});

afterAll(async () => await world.app.close());

beforeEach(async () => {
  before = await world.stored();
});

const tooLong = async (name: string) => await world.pem(name, { notAfter: '2030-01-01T00:00:00Z' });

const withoutOutcome = ({ body }: Answer): unknown => {
  const { _policyOutcome: _, ...rest } = body as Record<string, unknown>;
  return rest;
};

const post = async (body: object, query = ''): Promise<Answer> =>
  await send(world.app, 'POST', world.path() + query, { token: world.token, body });

test('1.4 a dry PATCH answers what the real one answers, and writes nothing', async () => {
  const body = { certificate: await tooLong('tolerated'), modificationComment: 'dry', version: 1 };
  const dry = await world.patch(`${credential}?dryRun=true`, body);
  expect(dry.status).toBe(200);
  expect([dry.headers.get('etag'), dry.headers.get('location')]).toEqual([null, null]);
  expect(await world.stored()).toBe(before);
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
  const real = await world.patch(credential, body);
  expect([real.status, real.body as unknown]).toEqual([200, withoutOutcome(dry)]);
  expect(real.body).toMatchObject({ version: 2, stateName: 'disabled', stateChangeReason: 'policy-check-failed' });
});

test('1.4 a dry PATCH that changes nothing keeps the version', async () => {
  const read = await world.read(credential);
  const dry = await world.patch(`${credential}?dryRun=true`, {});
  expect(dry.body).toEqual({ ...read.body, _policyOutcome: [] });
  expect(await world.stored()).toBe(before);
});

test('1.4 a dry POST answers what the real one answers, and writes nothing', async () => {
  const body = { extId: 'dry-1', certificate: await tooLong('new'), policyExtId: 'tolerant' };
  const dry = await post(body, '?dryRun=true');
  expect(dry.status).toBe(201);
  expect([dry.headers.get('etag'), dry.headers.get('location')]).toEqual([null, null]);
  expect(await world.stored()).toBe(before);
  expect((await world.read(`${world.path()}/dry-1`)).status).toBe(404);
  const real = await post(body);
  expect([real.status, real.body as unknown]).toEqual([201, withoutOutcome(dry)]);
  expect(real.headers.get('location')).toBe(`${world.path()}/dry-1`);
});

test('1.4 what the real request would be refused for, the dry one is refused for alike', async () => {
  const headers = { 'X-Request-Id': 'same-for-both' };
  const other = (await world.read(`${world.path()}/strict-1`)).body as { certificate: string };
  const patches: [string, object, string][] = [
    [credential, { version: 77 }, 'errors.optimisticLockingFailure'],
    [credential, { certificate: other.certificate }, 'errors.certificateExists'],
    [`${world.path()}/strict-1`, { certificate: await tooLong('refused') }, 'errors.certificatePolicyViolated'],
    [`${world.path()}/nothing`, {}, 'errors.noRecord'],
    [credential, { other: 1 }, 'errors.invalidData'],
  ];
  const posts: [object, string][] = [
    [{ extId: 'new-1', certificate: other.certificate }, 'errors.certificateExists'],
    [{ extId: 'cert-1', certificate: await world.pem('new') }, 'errors.duplicateValue'],
    [{ certificate: await tooLong('refused'), policyExtId: 'strict' }, 'errors.certificatePolicyViolated'],
    [{ certificate: await world.pem('new'), policyExtId: 'nowhere' }, 'errors.invalidData'],
  ];
  const { app, token } = world;
  const sent = [
    ...patches.map(([path, body, code]) => ['PATCH', path, body, code] as const),
    ...posts.map(([body, code]) => ['POST', world.path(), body, code] as const),
  ];
  for (const [method, path, body, code] of sent) {
    const dry = await send(app, method, `${path}?dryRun=true`, { token, headers, body });
    const real = await send(app, method, path, { token, headers, body });
    expect([dry.status, codesOf(dry)[0]]).toEqual([real.status, code]);
    expect(dry.body).toEqual(real.body);
  }
  expect(await world.stored()).toBe(before);
});

test('1.4 a dry run needs the rights of the real request', async () => {
  const path = `${credential}?dryRun=true`;
  const token = await world.app.token({ roles: ['nevisIdm.HistoryView'] });
  expect((await send(world.app, 'PATCH', path, { token, body: {} })).status).toBe(403);
  const self = await world.app.token({ sub: 'helper-7', roles: ['nevisIdm.SelfAdmin'] });
  expect((await send(world.app, 'PATCH', path, { token: self, body: {} })).status).toBe(401);
});

const writesWithoutDryRun = OPERATIONS.filter(({ method, query }) => method !== 'GET' && !query.includes('dryRun'));

test.each(writesWithoutDryRun.map((operation): [string, Operation] => [operation.title, operation]))(
  '1.4 %s has no dry run, and does nothing where one is asked',
  async (_, operation) => {
    const token = await world.app.token({ data_room: { clients: ['*'] } });
    const path = `${pathOf(operation, '100', 'helper-7', 'cert-1')}?dryRun=true`;
    const answer = await send(world.app, operation.method, path, { token, body: {} });
    expect([answer.status, (answer.body as { errors: unknown }).errors]).toEqual([
      422,
      [
        expect.objectContaining({
          field: 'query',
          message: 'dryRun is no query parameter of this path. It takes none.',
        }),
      ],
    ]);
    expect(await world.stored()).toBe(before);
  },
);
