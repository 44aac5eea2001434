import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { UserRow } from '../../src/users/user.table.js';
import { type Answer, refusalOf, send } from '../support/http.js';
import { PASSWORD, PasswordFixture } from '../support/password-fixture.js';

const TOKEN = '/nevisidm/api/principal/v1/token';
const INVALID = [422, ['errors.invalidCredentials']];

let fixture: PasswordFixture;

beforeAll(async () => {
  fixture = await PasswordFixture.start();
});

afterAll(async () => await fixture.app.close());

/** All that a caller sees of an answer, without the request id. */
function seen({ status, headers, body }: Answer): unknown {
  const names = [...headers.keys()].filter((name) => !['date', 'x-request-id'].includes(name));
  const errors = (body as { errors: { code: string; message: string }[] }).errors.map(({ code, message }) => [
    code,
    message,
  ]);
  return { status, headers: names.map((name) => [name, name === 'content-length' ? '' : headers.get(name)]), errors };
}

test('4.7 callers get an X-Token for themselves with their password', async () => {
  await fixture.user('jane');
  const answer = await fixture.logIn('jane', PASSWORD);
  expect([answer.status, answer.headers.get('cache-control'), answer.headers.get('pragma')]).toEqual([
    200,
    'no-store, no-transform',
    'no-cache',
  ]);
  const { access_token: token, ...rest } = answer.body as { access_token: string };
  expect(rest).toEqual({ token_type: 'bearer', expires_in: 3600 });
  expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT' });
  const now = Math.floor(fixture.app.clock.now().getTime() / 1000);
  expect(decodeJwt(token)).toMatchObject({
    sub: 'jane',
    client_ext_id: '100',
    aud: 'certkeep:x-token',
    iat: now,
    exp: now + 3600,
  });
  expect(decodeJwt(token).jti).not.toBe(decodeJwt(await fixture.xToken('jane')).jti);
  const own = await fixture.fixture.register('of-jane', {}, 'jane');
  const bearer = await fixture.self('jane');
  const patched = await send(fixture.app, 'PATCH', own, {
    token: bearer,
    xToken: token,
    body: { stateName: 'disabled' },
  });
  expect(patched.status).toBe(200);
});

test('4.7 the loginId is compared case-folded', async () => {
  await fixture.user('GROSS');
  expect((await fixture.logIn('GROSS', PASSWORD, { username: 'groß' })).status).toBe(200);
});

test('4.8 every refused login has the same answer, byte for byte, and computes argon2id once', async () => {
  const users = fixture.app.dataSource.getRepository<UserRow>('users');
  for (const name of ['ok', 'locked', 'disabled', 'late', 'early', 'off']) await fixture.user(name);
  await fixture.fixture.builders.user('100', 'none');
  await fixture.send('PATCH', fixture.path('locked'), { body: { stateName: 'fail-locked' } });
  await fixture.send('PATCH', fixture.path('off'), { body: { stateName: 'disabled' } });
  await users.update({ extId: 'disabled' }, { state: 'disabled' });
  await users.update({ extId: 'late' }, { validTo: new Date('2026-06-01T11:59:59.999Z') });
  await users.update({ extId: 'early' }, { validFrom: new Date('2026-06-01T12:00:00.001Z') });
  const answers = [
    await fixture.logIn('ok', 'wrong'),
    await fixture.logIn('ok', PASSWORD, { username: 'jane' }),
    await fixture.logIn('ok', `${PASSWORD}\t`),
    await fixture.logIn('none', PASSWORD),
    await fixture.logIn('ghost', PASSWORD),
  ];
  // Rule 2.6, with the right password.
  for (const name of ['locked', 'disabled', 'late', 'early', 'off']) answers.push(await fixture.logIn(name, PASSWORD));
  for (const answer of answers) expect(seen(answer)).toEqual(seen(answers[0] as Answer));
  expect(refusalOf(answers[0] as Answer)).toEqual(INVALID);
});

test('4.8, 3.3 a login does not change the version, and writes an audit event', async () => {
  const path = await fixture.user('counts');
  const before = (await fixture.send('GET', path)).body as object;
  fixture.app.clock.advance(1000);
  expect(refusalOf(await fixture.logIn('counts', 'wrong'))).toEqual(INVALID);
  expect((await fixture.send('GET', path)).body).toEqual({
    ...before,
    failedLoginCount: 1,
    lastFailedLoginDate: '2026-06-01T12:00:01Z',
  });
  fixture.app.clock.advance(1000);
  await fixture.xToken('counts');
  expect((await fixture.send('GET', path)).body).toEqual({
    ...before,
    successfulLoginCount: 1,
    lastFailedLoginDate: '2026-06-01T12:00:01Z',
    lastSuccessfulLoginDate: '2026-06-01T12:00:02Z',
  });
  const lines: unknown = await fixture.app.dataSource.query(
    `select action, kind, actor, version, changes, reason, at from audit_events where user_ext_id = 'counts' and action like 'log%'
     order by id`,
  );
  const line = { kind: 'password', actor: 'counts', version: null, changes: null, reason: null };
  expect(lines).toEqual([
    { ...line, action: 'loginFailed', at: new Date('2026-06-01T12:00:01Z') },
    { ...line, action: 'loggedIn', at: new Date('2026-06-01T12:00:02Z') },
  ]);
});

test('4.8 a login with the name of another user is counted for neither', async () => {
  await fixture.user('one');
  await fixture.user('other');
  for (const password of [PASSWORD, 'wrong']) await fixture.logIn('one', password, { username: 'other' });
  expect([await fixture.stateOf('one'), await fixture.stateOf('other')]).toEqual([
    ['active', 0],
    ['active', 0],
  ]);
  const lines: unknown = await fixture.app.dataSource.query(
    `select kind, ext_id, actor from audit_events where action = 'loginFailed' and user_ext_id in ('one', 'other')`,
  );
  const line = { kind: 'user', ext_id: 'one', actor: 'one' };
  expect(lines).toEqual([line, line]);
});

test('2.13 a password expires after the lifetime in its policy', async () => {
  await fixture.policy('short', { credentialLifetime: '1000' });
  await fixture.user('ends', { policyExtId: 'short' });
  fixture.app.clock.advance(1000);
  expect((await fixture.logIn('ends', PASSWORD)).status).toBe(200);
  fixture.app.clock.advance(1);
  expect(refusalOf(await fixture.logIn('ends', PASSWORD))).toEqual(INVALID);
});

test.each<[string, Record<string, unknown>, string[]]>([
  ['another grant', { grant_type: 'client_credentials' }, ['grant_type']],
  [
    'nothing',
    { grant_type: undefined, username: undefined, password: undefined },
    ['grant_type', 'username', 'password'],
  ],
  ['a number', { password: 7 }, ['password']],
  ['too long a password', { password: 'a'.repeat(1025) }, ['password']],
  ['an unknown member', { scope: 'all' }, ['scope']],
])('4.7 T1 with %s is 422 and names it', async (_, members, fields) => {
  const answer = await fixture.logIn('jane', PASSWORD, members);
  expect([answer.status, new Set(answer.body.errors.map(({ field }: { field: string }) => field))]).toEqual([
    422,
    new Set(fields),
  ]);
});

test('4.7 T1 needs a token with SelfAdmin, and accepts only POST', async () => {
  const body = { grant_type: 'password', username: 'jane', password: PASSWORD };
  expect((await send(fixture.app, 'POST', TOKEN, { body })).status).toBe(401);
  const token = await fixture.app.token({ sub: 'jane', roles: ['nevisIdm.UserAdmin'] });
  expect(refusalOf(await send(fixture.app, 'POST', TOKEN, { token, body }))).toEqual([
    403,
    ['errors.permissionDenied'],
  ]);
  expect((await send(fixture.app, 'GET', TOKEN, { token })).status).toBe(405);
});

test('4.7 an administrator who is not a user of the client and a user of another client get the same answer', async () => {
  await fixture.fixture.builders.client('200');
  const body = { grant_type: 'password', username: 'jane', password: PASSWORD };
  for (const claims of [{ sub: 'admin-1' }, { sub: 'jane', client_ext_id: '200' }]) {
    const token = await fixture.app.token({ roles: ['nevisIdm.Root'], ...claims });
    expect(refusalOf(await send(fixture.app, 'POST', TOKEN, { token, body }))).toEqual(INVALID);
  }
});
