import { afterAll, beforeAll, expect, test } from 'vitest';

import type { CredentialRow } from '../../src/credentials/credential.table.js';
import type { UserRow } from '../../src/users/user.table.js';
import { Fixture } from '../support/fixture.js';
import { type Answer, codesOf, send } from '../support/http.js';
import { sendRaw } from '../support/raw-http.js';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await Fixture.start();
});

afterAll(async () => await fixture.app.close());

const remove = async (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  await send(fixture.app, 'DELETE', path, { token: fixture.token, headers });

test('3.1 only members in the request change', async () => {
  const path = await fixture.register('partial');
  const before = await fixture.read(path);
  const commented = await fixture.patch(path, { modificationComment: 'one' });
  expect(commented.body).toEqual({ ...before.body, version: 2, modificationComment: 'one' });
  const disabled = await fixture.patch(path, { stateName: 'disabled' });
  expect(disabled.body).toMatchObject({
    version: 3,
    modificationComment: 'one',
    certificate: before.body.certificate as unknown,
  });
  const certificate = await fixture.pem('another');
  const replaced = await fixture.patch(path, { certificate });
  expect(replaced.body).toMatchObject({ version: 4, modificationComment: 'one', stateName: 'disabled', certificate });
});

test('3.1 a body without effect keeps the version and writes no audit event', async () => {
  const path = await fixture.register('idle');
  await fixture.patch(path, { modificationComment: 'as it is' });
  const { headers, ...read } = await fixture.read(path);
  const body = read.body as Record<string, string>;
  const stored = await fixture.stored();
  fixture.app.clock.advance(5_000);
  for (const sent of [
    {},
    { version: 2 },
    { modificationComment: 'as it is' },
    { stateName: 'active' },
    { certificate: body['certificate'] },
    { certificate: `read from a console\n${body['certificate']}`.replaceAll('\n', '\r\n') },
    { certificate: body['certificate'], stateName: 'active', modificationComment: 'as it is', version: 2 },
  ]) {
    const answer = await fixture.patch(path, sent);
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, headers.get('etag')]);
    expect(answer.body).toEqual(body);
  }
  expect(await fixture.stored()).toBe(stored);
});

test('3.1 null clears the comment, once', async () => {
  const path = await fixture.register('cleared');
  await fixture.patch(path, { modificationComment: 'gone soon' });
  const cleared = await fixture.patch(path, { modificationComment: null });
  expect(cleared.body.version).toBe(3);
  expect(cleared.body).not.toHaveProperty('modificationComment');
  expect((await fixture.patch(path, { modificationComment: null })).body.version).toBe(3);
});

test('3.2 a stale version is 409 with the current one, also where nothing would change', async () => {
  const path = await fixture.register('stale');
  const helper = await fixture.app.token({ sub: 'helper-9' });
  await send(fixture.app, 'PATCH', path, { token: helper, body: { modificationComment: 'a', version: 1 } });
  const stored = await fixture.stored();
  for (const [version, body] of [
    [1, { modificationComment: 'b' }],
    [1, {}],
    [1, { modificationComment: 'a' }],
    [3, { stateName: 'disabled' }],
    [0, {}],
    [2_147_483_647, {}],
  ] as const) {
    const answer = await fixture.patch(path, { ...body, version });
    expect(answer.status).toBe(409);
    expect(answer.body.errors).toMatchObject([
      {
        code: 'errors.optimisticLockingFailure',
        field: 'version',
        currentVersion: 2,
        changedBy: 'helper-9',
        changedAt: '2026-06-01T12:00:05Z',
      },
    ]);
  }
  expect(await fixture.stored()).toBe(stored);
});

test('3.3 logins do not change the version, and a change does not affect the login data', async () => {
  const path = await fixture.register('logged-in');
  await fixture.app.dataSource
    .getRepository<CredentialRow & { readonly clientExtId: string }>('credentials')
    .update(
      { clientExtId: '100', extId: 'logged-in' },
      { successes: 4, failures: 1, lastSuccess: new Date('2026-06-01T12:00:01Z') },
    );
  const read = await fixture.read(path);
  expect(read.body).toMatchObject({ version: 1, lastModified: read.body.created as unknown, successfulLoginCount: 4 });
  const changed = await fixture.patch(path, { modificationComment: 'x', version: 1 });
  const logins = { successfulLoginCount: 4, failedLoginCount: 1, lastSuccessfulLoginDate: '2026-06-01T12:00:01Z' };
  expect(changed.body).toMatchObject({ version: 2, ...logins });
  expect((await fixture.read(path)).body).toEqual(changed.body);
});

test('3.5 every answer of one credential has a strong ETag, a page has none', async () => {
  const path = await fixture.register('tagged');
  expect((await fixture.read(path)).headers.get('etag')).toBe('"1"');
  expect((await fixture.patch(path, { modificationComment: 'x' })).headers.get('etag')).toBe('"2"');
  expect((await fixture.patch(path, {})).headers.get('etag')).toBe('"2"');
  expect((await send(fixture.app, 'GET', fixture.path(), { token: fixture.token })).headers.get('etag')).toBe(null);
});

test('3.5, 5.3 a GET ignores If-None-Match, as a lock can end without a new version', async () => {
  const path = await fixture.register('locked-for-a-while');
  await fixture.patch(path, { stateName: 'tmp-locked' });
  const headers: [string, string][] = [
    ['Authorization', `Bearer ${fixture.token}`],
    ['If-None-Match', '"2"'],
  ];
  expect((await sendRaw(fixture.app, 'GET', path, headers)).body.stateName).toBe('tmp-locked');
  fixture.app.clock.advance(60_000);
  expect((await sendRaw(fixture.app, 'GET', path, headers)).body.stateName).toBe('active');
  fixture.app.clock.advance(-60_000);
});

const MATCHES = ['"2",', '"2"', '*', ' * ', '"1", "2"', '"1","2","3"', '"x", "2"', 'W/"2", "2"', '"2" , W/"1"'];
const MISMATCHES = [
  '"1"',
  'W/"2"',
  '"1", "3"',
  '"02"',
  '"2-gzip"',
  '"02x"',
  '""',
  '"2,"',
  '"99999999999999"',
  'W/"1", W/"2"',
];
const UNREADABLE = ['2', '"2', "'2'", '"1" "2"', '*, "2"', 'w/"2"', 'W/2', '', ','];

test('3.5 If-Match compares strongly, with a list and with *', async () => {
  const path = await fixture.register('matched');
  await fixture.patch(path, { modificationComment: 'x' });
  for (const tag of MATCHES) {
    expect([tag, (await fixture.patch(path, {}, { 'If-Match': tag })).status]).toEqual([tag, 200]);
  }
  const stored = await fixture.stored();
  for (const tag of MISMATCHES) {
    for (const answer of [
      await fixture.patch(path, {}, { 'If-Match': tag }),
      await remove(path, { 'If-Match': tag }),
    ]) {
      expect([tag, answer.status, answer.body.errors[0]]).toMatchObject([
        tag,
        412,
        { code: 'errors.preconditionFailed', currentVersion: 2 },
      ]);
    }
  }
  expect(await fixture.stored()).toBe(stored);
  expect((await remove(path, { 'If-Match': '"2"' })).status).toBe(204);
  expect((await remove(path, { 'If-Match': '*' })).status).toBe(404);
});

test('3.5 the 412 for a weak or foreign tag says so, and every answer has no-transform', async () => {
  const path = await fixture.register('proxied');
  for (const [tag, message] of [
    ['W/"1"', /weak.*proxy/],
    ['"1-gzip"', /no entity tag of this server.*proxy/],
  ] as const) {
    const answer = await fixture.patch(path, {}, { 'If-Match': tag });
    expect(answer.body.errors[0].message).toMatch(message);
    expect(answer.body.errors[0].message).not.toMatch('has another version');
    expect(answer.headers.get('cache-control')).toBe('no-store, no-transform');
  }
  expect((await fixture.read(path)).headers.get('cache-control')).toBe('no-store, no-transform');
});

test('3.5 a malformed If-Match is 400', async () => {
  const path = await fixture.register('unreadable-tag');
  const stored = await fixture.stored();
  for (const tag of UNREADABLE) {
    for (const method of ['PATCH', 'DELETE']) {
      const body = method === 'PATCH' ? '{"modificationComment":"x"}' : '';
      const headers: [string, string][] = [
        ['Authorization', `Bearer ${fixture.token}`],
        ['If-Match', tag],
      ];
      const answer = await sendRaw(fixture.app, method, path, headers, body);
      expect([tag, answer.status]).toEqual([tag, 400]);
      expect(answer.body.errors[0]).toMatchObject({ code: 'errors.malformedRequest', field: 'If-Match' });
    }
  }
  expect(await fixture.stored()).toBe(stored);
});

test('3.5 If-Match and version must both match, If-Match is checked first, and two headers are one list', async () => {
  const path = await fixture.register('both');
  const both = async (tag: string, version: number) =>
    (await fixture.patch(path, { version }, { 'If-Match': tag })).status;
  expect([await both('"1"', 1), await both('"2"', 1), await both('"1"', 2), await both('"2"', 2)]).toEqual([
    200, 412, 409, 412,
  ]);
  const headers: [string, string][] = [
    ['Authorization', `Bearer ${fixture.token}`],
    ['If-Match', '"7"'],
    ['If-Match', '"1"'],
  ];
  expect((await sendRaw(fixture.app, 'PATCH', path, headers, '{}')).status).toBe(200);
});

test('3.6 where a version is required a change without one is 428', async () => {
  const strict = await Fixture.start({ requireVersion: true });
  try {
    const path = await strict.register('required');
    const { token } = strict;
    const stored = await strict.stored();
    for (const answer of [
      await strict.patch(path, {}),
      await strict.patch(`${path}?dryRun=true`, {}),
      await send(strict.app, 'DELETE', path, { token }),
    ]) {
      expect([answer.status, codesOf(answer)]).toEqual([428, ['errors.preconditionRequired']]);
    }
    expect(await strict.stored()).toBe(stored);
    expect((await strict.patch(path, { version: 1 })).status).toBe(200);
    expect((await strict.patch(path, {}, { 'If-Match': '*' })).status).toBe(200);
    expect((await send(strict.app, 'DELETE', path, { token, headers: { 'If-Match': '"1"' } })).status).toBe(204);
    expect((await send(strict.app, 'GET', strict.path(), { token })).status).toBe(200);
  } finally {
    await strict.app.close();
  }
});

test('3.8 a taken certificate or extId is a duplicate', async () => {
  const certificate = await fixture.pem('once');
  await fixture.register('first', { certificate });
  await fixture.builders.user('100', 'somebody-else');
  const second = await fixture.register('second', {}, 'somebody-else');
  const stored = await fixture.stored();
  const post = async (body: object) =>
    await send(fixture.app, 'POST', fixture.path('somebody-else'), { token: fixture.token, body });
  for (const answer of [await fixture.patch(second, { certificate }), await post({ extId: 'third', certificate })]) {
    expect([answer.status, codesOf(answer)]).toEqual([422, ['errors.certificateExists']]);
    // Contract 6.5: the answer does not say whose certificate it is.
    expect(JSON.stringify(answer.body)).not.toMatch(/first|helper-7/);
  }
  const taken = await post({ extId: 'first', certificate: await fixture.pem('new') });
  expect([taken.status, codesOf(taken)]).toEqual([422, ['errors.duplicateValue']]);
  expect(await fixture.stored()).toBe(stored);
});

test('3.9 an archived credential can only be read and deleted', async () => {
  const path = await fixture.register('archived', { stateName: 'archived' });
  const stored = await fixture.stored();
  for (const body of [
    {},
    { stateName: 'active' },
    { modificationComment: 'x' },
    { certificate: await fixture.pem('x') },
  ]) {
    const answer = await fixture.patch(path, body);
    expect([answer.status, codesOf(answer)]).toEqual([422, ['errors.recordDeleted']]);
  }
  expect((await fixture.patch(path, { version: 7 })).status).toBe(409);
  expect(await fixture.stored()).toBe(stored);
  expect((await fixture.read(path)).body.stateName).toBe('archived');
  expect((await remove(path)).status).toBe(204);
});

test('3.9 the credentials of an archived user cannot be changed, those of a disabled user can', async () => {
  await fixture.builders.user('100', 'leaver');
  const path = await fixture.register('of-leaver', {}, 'leaver');
  const users = fixture.app.dataSource.getRepository<UserRow>('users');
  await users.update({ clientExtId: '100', extId: 'leaver' }, { state: 'disabled' });
  expect((await fixture.patch(path, { modificationComment: 'on leave' })).status).toBe(200);
  await users.update({ clientExtId: '100', extId: 'leaver' }, { state: 'archived' });
  const post = { token: fixture.token, body: { certificate: await fixture.pem('late') } };
  for (const answer of [await fixture.patch(path, {}), await send(fixture.app, 'POST', fixture.path('leaver'), post)]) {
    expect([answer.status, codesOf(answer)]).toEqual([422, ['errors.recordDeleted']]);
  }
  expect((await fixture.read(path)).status).toBe(200);
  expect((await remove(path)).status).toBe(204);
});
