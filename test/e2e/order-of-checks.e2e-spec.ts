import { afterAll, beforeAll, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { codesOf, CORE, send } from '../support/http.js';
import { openSocket, readAnswer } from '../support/raw-http.js';

let fixture: Fixture;
let credential: string;
let before: string;

beforeAll(async () => {
  fixture = await Fixture.start({ requireVersion: true });
  credential = await fixture.register('cert-1', { policyExtId: 'strict' });
  before = await fixture.stored();
});

afterAll(async () => await fixture.app.close());

/**
 * A request with everything wrong at once. Each step repairs what the one before was refused for, so that the next
 * refusal shows that its check comes after.
 */
test('7.2 a PATCH is checked in the order of the contract', async () => {
  const { app } = fixture;
  const own = await fixture.app.token({ sub: 'helper-7', roles: ['nevisIdm.SelfAdmin'] });
  const xToken = await app.xToken('helper-7');
  const violating = await fixture.pem('too long', { notAfter: '2030-01-01T00:00:00Z' });
  const nothing = `${fixture.path()}/nothing`;
  const steps: [number, string, string, Parameters<typeof send>[3]][] = [
    [404, 'errors.noRecord', `${fixture.path()}/x%00y`, { headers: { 'If-Match': 'x' } }],
    [400, 'errors.malformedRequest', nothing, { headers: { 'If-Match': 'x' }, body: '{' }],
    [401, 'errors.unauthenticated', nothing, { headers: { 'If-Match': '"7"' }, body: '{' }],
    [403, 'errors.permissionDenied', `${CORE}/100/users/helper-8/certificates/x`, { token: own, body: '{' }],
    [401, 'errors.unauthenticated', nothing, { token: own, body: '{', headers: { 'Content-Type': 'text/plain' } }],
    [
      415,
      'errors.unsupportedMediaType',
      nothing,
      { token: own, xToken, body: 'x'.repeat(140_000), headers: { 'Content-Type': 'text/plain' } },
    ],
    [413, 'errors.payloadTooLarge', nothing, { token: own, xToken, body: 'x'.repeat(140_000) }],
    [400, 'errors.malformedRequest', nothing, { token: own, xToken, body: '{' }],
    [422, 'errors.invalidData', nothing, { token: own, xToken, body: { version: 'x' } }],
    [404, 'errors.noRecord', nothing, { token: own, xToken, body: { certificate: violating } }],
    [428, 'errors.preconditionRequired', credential, { token: own, xToken, body: { certificate: violating } }],
    [
      412,
      'errors.preconditionFailed',
      credential,
      { token: own, xToken, body: { certificate: violating, version: 7 }, headers: { 'If-Match': '"7"' } },
    ],
    [
      409,
      'errors.optimisticLockingFailure',
      credential,
      { token: own, xToken, body: { certificate: violating, version: 7 }, headers: { 'If-Match': '"1"' } },
    ],
    [
      422,
      'errors.certificatePolicyViolated',
      credential,
      { token: own, xToken, body: { certificate: violating, version: 1 } },
    ],
  ];
  for (const [status, code, path, sending] of steps) {
    const answer = await send(app, 'PATCH', path, sending);
    expect([answer.status, codesOf(answer)[0]]).toEqual([status, code]);
  }
  expect(await fixture.stored()).toBe(before);
});

test('7.2 an unreadable body is reported before a wrong query', async () => {
  const path = `${credential}?dryrun=true`;
  const { app, token } = fixture;
  const sent = [
    [{ body: 'x', headers: { 'Content-Type': 'text/plain' } }, 415],
    [{ body: 'x'.repeat(140_000) }, 413],
    [{ body: '{' }, 400],
    [{ body: { version: 1 } }, 422],
  ] as const;
  for (const [sending, status] of sent) {
    expect((await send(app, 'PATCH', path, { token, ...sending })).status).toBe(status);
  }
});

test('7.2 errors in query and members are reported together', async () => {
  const answer = await fixture.patch(`${credential}?dryrun=true`, { version: 'x', other: 1 });
  expect(answer.body.errors.map(({ field }: { field: string }) => field).toSorted()).toEqual([
    'other',
    'query',
    'version',
  ]);
});

test.each([
  ['unknown', {}, 401],
  ['not allowed', { roles: ['nevisIdm.HistoryView'] }, 403],
  ['without X-Token', { sub: 'helper-7', roles: ['nevisIdm.SelfAdmin'] }, 401],
])('7.2 a caller who is %s is answered before the body arrives', async (_, claims, status) => {
  const token = status === 401 && !('sub' in claims) ? 'x' : await fixture.app.token(claims);
  const socket = openSocket(fixture.app);
  // The body is announced but never sent, so an answer cannot depend on it.
  socket.write(
    `PATCH ${credential} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n` +
      'Content-Length: 2097152\r\nConnection: close\r\n\r\n{',
  );
  const answer = readAnswer(socket);
  socket.once('data', () => socket.end());
  expect((await answer).status).toBe(status);
});

test('7.2 a body of 2 MiB without a token is 401', async () => {
  const answer = await send(fixture.app, 'PATCH', credential, { body: `{"x":"${'x'.repeat(2 * 1024 * 1024)}"}` });
  expect([answer.status, codesOf(answer)]).toEqual([401, ['errors.unauthenticated']]);
});
