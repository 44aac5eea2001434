import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { User } from '../../src/users/user.entity.js';
import { type Answer, codesOf, CORE, send } from '../support/http.js';
import { PASSWORD, PasswordWorld } from '../support/password-world.js';
import { statementsOf } from '../support/statements.js';

const TOKEN = '/nevisidm/api/principal/v1/token';
const STRICT = { tmpLockingThreshold: '2', tmpLockingDuration: '60000', maxCredFailureCount: '4' };

let world: PasswordWorld;

beforeAll(async () => {
  world = await PasswordWorld.start({ minLength: '4', ...STRICT });
  await world.policy('threshold', { ...STRICT, tmpLockingMode: 'threshold', minLength: '4' });
  await world.policy('exact', { maxCredFailureCount: '7', tmpLockingThreshold: '-1' });
  await world.policy('never', { maxCredFailureCount: '-1', tmpLockingThreshold: '-1' });
});

afterAll(async () => await world.app.close());

const refusal = (answer: Answer) => [answer.status, codesOf(answer)];
const INVALID = [422, ['errors.invalidCredentials']];

/** Everything of an answer that a caller sees, but for what names the request. */
function seen({ status, headers, body }: Answer): unknown {
  const names = [...headers.keys()].filter((name) => !['date', 'x-request-id'].includes(name));
  const errors = (body as { errors: { code: string; message: string }[] }).errors.map(({ code, message }) => [
    code,
    message,
  ]);
  return { status, headers: names.map((name) => [name, name === 'content-length' ? '' : headers.get(name)]), errors };
}

const stateOf = async (user: string) => {
  const { body } = (await world.send('GET', world.path(user))) as {
    body: { stateName: string; failedLoginCount: number };
  };
  return [body.stateName, body.failedLoginCount];
};

test('4.7 a password buys an X-Token for the caller himself', async () => {
  await world.user('jane');
  const answer = await world.logIn('jane', PASSWORD);
  expect([answer.status, answer.headers.get('cache-control'), answer.headers.get('pragma')]).toEqual([
    200,
    'no-store',
    'no-cache',
  ]);
  const { access_token: token, ...rest } = answer.body as { access_token: string };
  expect(rest).toEqual({ token_type: 'bearer', expires_in: 3600 });
  expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT' });
  const now = Math.floor(world.app.clock.now().getTime() / 1000);
  expect(decodeJwt(token)).toMatchObject({
    sub: 'jane',
    client_ext_id: '100',
    aud: 'certkeep:x-token',
    iat: now,
    exp: now + 3600,
  });
  expect(decodeJwt(token).jti).not.toBe(decodeJwt(await world.xToken('jane')).jti);
  const own = await world.world.register('of-jane', {}, 'jane');
  const bearer = await world.self('jane');
  const patched = await send(world.app, 'PATCH', own, {
    token: bearer,
    xToken: token,
    body: { stateName: 'disabled' },
  });
  expect(patched.status).toBe(200);
});

test('4.7 the loginId is compared as it is unique: folded', async () => {
  await world.user('GROSS');
  expect((await world.logIn('GROSS', PASSWORD, { username: 'groß' })).status).toBe(200);
});

test('4.8 every cause has the same answer, byte for byte, and costs one argon2id', async () => {
  const users = world.app.dataSource.getRepository(User);
  for (const name of ['ok', 'locked', 'disabled', 'late', 'early', 'off']) await world.user(name);
  await world.world.builders.user('100', 'none');
  await world.send('PATCH', world.path('locked'), { body: { stateName: 'fail-locked' } });
  await world.send('PATCH', world.path('off'), { body: { stateName: 'disabled' } });
  await users.update({ extId: 'disabled' }, { state: 'disabled' });
  await users.update({ extId: 'late' }, { validTo: new Date('2026-06-01T11:59:59.999Z') });
  await users.update({ extId: 'early' }, { validFrom: new Date('2026-06-01T12:00:00.001Z') });
  const answers = [
    await world.logIn('ok', 'wrong'),
    await world.logIn('ok', PASSWORD, { username: 'jane' }),
    await world.logIn('ok', `${PASSWORD}\t`),
    await world.logIn('none', PASSWORD),
    await world.logIn('ghost', PASSWORD),
  ];
  // 2.6: with the right password.
  for (const name of ['locked', 'disabled', 'late', 'early', 'off']) answers.push(await world.logIn(name, PASSWORD));
  for (const answer of answers) expect(seen(answer)).toEqual(seen(answers[0] as Answer));
  expect(refusal(answers[0] as Answer)).toEqual(INVALID);
});

test('4.8, 3.3 logins count beside the credential: no version, a line of the trail each', async () => {
  const path = await world.user('counts');
  const before = (await world.send('GET', path)).body as object;
  world.app.clock.advance(1000);
  expect(refusal(await world.logIn('counts', 'wrong'))).toEqual(INVALID);
  expect((await world.send('GET', path)).body).toEqual({
    ...before,
    failedLoginCount: 1,
    lastFailedLoginDate: '2026-06-01T12:00:01Z',
  });
  world.app.clock.advance(1000);
  await world.xToken('counts');
  expect((await world.send('GET', path)).body).toEqual({
    ...before,
    successfulLoginCount: 1,
    lastFailedLoginDate: '2026-06-01T12:00:01Z',
    lastSuccessfulLoginDate: '2026-06-01T12:00:02Z',
  });
  const lines: unknown = await world.app.dataSource.query(
    `select action, kind, actor, version, changed, reason, at from trail where user_ext_id = 'counts' and action like 'log%'
     order by id`,
  );
  const line = { kind: 'password', actor: 'counts', version: null, changed: null, reason: null };
  expect(lines).toEqual([
    { ...line, action: 'loginFailed', at: new Date('2026-06-01T12:00:01Z') },
    { ...line, action: 'loggedIn', at: new Date('2026-06-01T12:00:02Z') },
  ]);
});

test('4.8 the name of another user counts for nobody', async () => {
  await world.user('one');
  await world.user('other');
  for (const password of [PASSWORD, 'wrong']) await world.logIn('one', password, { username: 'other' });
  expect([await stateOf('one'), await stateOf('other')]).toEqual([
    ['active', 0],
    ['active', 0],
  ]);
  const lines: unknown = await world.app.dataSource.query(
    `select kind, ext_id, actor from trail where action = 'loginFailed' and user_ext_id in ('one', 'other')`,
  );
  const line = { kind: 'user', ext_id: 'one', actor: 'one' };
  expect(lines).toEqual([line, line]);
});

/** Fails until it is locked for good, the clock moved on past each temporary lock; the state after each. */
async function failing(user: string, times: number): Promise<unknown[]> {
  const states: unknown[] = [];
  for (let time = 0; time < times; time += 1) {
    await world.logIn(user, 'wrong');
    states.push(await stateOf(user));
    world.app.clock.advance(60_000);
  }
  return states;
}

test('5.2 strict: after a temporary lock one failure locks again', async () => {
  await world.user('strict');
  expect(await failing('strict', 4)).toEqual([
    ['active', 1],
    ['tmp-locked', 2],
    ['tmp-locked', 3],
    ['fail-locked', 4],
  ]);
  expect(await stateOf('strict')).toEqual(['fail-locked', 4]);
});

test('5.2 threshold: the count to the temporary lock starts anew, the one to the lasting lock does not', async () => {
  await world.user('threshold', { policyExtId: 'threshold' });
  expect(await failing('threshold', 4)).toEqual([
    ['active', 1],
    ['tmp-locked', 2],
    ['active', 3],
    ['fail-locked', 4],
  ]);
});

test('5.2, 5.3 a lock ends by itself and is not prolonged; a login forgets the failures; one by hand ends for good', async () => {
  const path = await world.user('back');
  for (let time = 0; time < 2; time += 1) await world.logIn('back', 'wrong');
  world.app.clock.advance(59_999);
  // Locked: neither the right password nor another failure changes anything.
  expect(refusal(await world.logIn('back', PASSWORD))).toEqual(INVALID);
  expect(refusal(await world.logIn('back', 'wrong'))).toEqual(INVALID);
  expect(await stateOf('back')).toEqual(['tmp-locked', 2]);
  world.app.clock.advance(1);
  expect((await world.logIn('back', PASSWORD)).status).toBe(200);
  expect(await stateOf('back')).toEqual(['active', 0]);
  expect((await world.send('GET', path)).body.version).toBe(1);
  expect(await failing('back', 4)).toHaveLength(4);
  expect(refusal(await world.logIn('back', PASSWORD))).toEqual(INVALID);
  const unlocked = await world.send('PATCH', path, { body: { stateName: 'active' } });
  expect(unlocked.body).toMatchObject({ version: 2, failedLoginCount: 0, stateChangeReason: 'unlock' });
  expect((await world.logIn('back', PASSWORD)).status).toBe(200);
});

test('5.4 a lock has its reason, in the answer and in the trail', async () => {
  const path = await world.user('reason');
  for (let time = 0; time < 2; time += 1) await world.logIn('reason', 'wrong');
  expect((await world.send('GET', path)).body.stateChangeReason).toBe('too-many-login-failures');
  const lines: unknown = await world.app.dataSource.query(
    `select reason from trail where user_ext_id = 'reason' and action = 'loginFailed' order by id`,
  );
  expect(lines).toEqual([{ reason: null }, { reason: 'too-many-login-failures' }]);
});

test('4.8 a hundred wrong passwords at once lock exactly as the policy says', async () => {
  await world.user('flood', { policyExtId: 'exact' });
  const answers: Answer[] = [];
  // The ceiling and the limit let few of them through at a time, so the clock goes on until it is locked.
  for (let round = 0; round < 4; round += 1) {
    answers.push(...(await Promise.all(Array.from({ length: 25 }, async () => await world.logIn('flood', 'wrong')))));
    world.app.clock.advance(60_000);
  }
  const judged = answers.filter(({ status }) => status === 422);
  expect(judged.length).toBeGreaterThanOrEqual(7);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([422, 429, 503]));
  for (const answer of answers.filter(({ status }) => status !== 422)) {
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect(await stateOf('flood')).toEqual(['fail-locked', 7]);
  const [{ count }] = (await world.app.dataSource.query(
    `select count(*)::integer from trail where user_ext_id = 'flood' and action = 'loginFailed'`,
  )) as [{ count: number }];
  expect(count).toBe(judged.length);
});

test('4.8 at most four argon2id at a time, whoever asks; then 503', async () => {
  await Promise.all(['q-1', 'q-2', 'q-3'].map(async (name) => await world.user(name, { policyExtId: 'never' })));
  const names = Array.from({ length: 24 }, (_, index) => `q-${(index % 3) + 1}`);
  const answers = await Promise.all(names.map(async (name) => await world.logIn(name, PASSWORD)));
  const served = answers.filter(({ status }) => status === 200).length;
  expect(served).toBeGreaterThanOrEqual(4);
  const busy = answers.filter(({ status }) => status === 503);
  expect([served + busy.length, busy.length > 0]).toEqual([24, true]);
  for (const answer of busy)
    expect([codesOf(answer), answer.headers.get('retry-after')]).toEqual([['errors.unavailable'], '1']);
  // A place is given back by whoever had it.
  expect((await world.logIn('q-1', PASSWORD)).status).toBe(200);
});

test('4.8 twenty attempts at once, then one in three seconds, of each caller', async () => {
  await world.user('often', { policyExtId: 'never' });
  await world.user('seldom');
  for (let time = 0; time < 20; time += 1) expect((await world.logIn('often', 'wrong')).status).toBe(422);
  const refused = await world.logIn('often', PASSWORD);
  expect([...refusal(refused), refused.headers.get('retry-after')]).toEqual([429, ['errors.tooManyRequests'], '3']);
  expect((await world.logIn('seldom', PASSWORD)).status).toBe(200);
  world.app.clock.advance(3000);
  expect((await world.logIn('often', PASSWORD)).status).toBe(200);
  expect((await world.logIn('often', PASSWORD)).status).toBe(429);
  const statements = await statementsOf(world.app.dataSource, async () => await world.logIn('often', PASSWORD));
  expect(statements).toEqual([]);
});

test.each<[string, (path: string) => Promise<unknown>]>([
  [
    'changed by an administrator',
    async (path) => await world.send('PATCH', path, { body: { password: `${PASSWORD}2` } }),
  ],
  ['set to the same again', async (path) => await world.send('PATCH', path, { body: { password: PASSWORD } })],
  ['deleted', async (path) => await world.send('DELETE', path)],
  [
    'deleted and made anew',
    async (path) => {
      await world.send('DELETE', path);
      await world.send('POST', path, { body: { password: PASSWORD } });
    },
  ],
])('4.7, 7.2 an X-Token of before the password was %s is dead in the same second', async (how, change) => {
  const user = how.replaceAll(' ', '-');
  const path = await world.user(user);
  const own = await world.world.register(`of-${user}`, {}, user);
  const [token, xToken] = [await world.self(user), await world.xToken(user)];
  const patch = async (version?: number) =>
    await send(world.app, 'PATCH', own, { token, xToken, body: { modificationComment: `v${version}` } });
  expect((await patch(1)).status).toBe(200);
  await change(path);
  const requests: [string, string, unknown][] = [
    ['GET', own, undefined],
    ['GET', world.world.path(user), undefined],
    ['GET', `${own}/history`, undefined],
    ['GET', path, undefined],
    ['GET', `${CORE}/100/users/${user}`, undefined],
    ['PATCH', `${CORE}/100/users/${user}`, { remarks: 'late' }],
    ['PATCH', own, { modificationComment: 'late' }],
    ['PATCH', path, { password: `${PASSWORD}3` }],
    ['POST', world.world.path(user), { certificate: await world.world.pem('late') }],
    ['DELETE', own, undefined],
  ];
  for (const [method, target, body] of requests) {
    const answer = await send(world.app, method, target, { token, xToken, body });
    expect([method, target, ...refusal(answer)]).toEqual([method, target, 401, ['errors.unauthenticated']]);
  }
});

test('4.7 an X-Token lives through logins, failures and a change of state', async () => {
  const path = await world.user('lives');
  const [token, xToken] = [await world.self('lives'), await world.xToken('lives')];
  await world.logIn('lives', 'wrong');
  await world.xToken('lives');
  await world.send('PATCH', path, { body: { stateName: 'disabled', modificationComment: 'x' } });
  const answer = await send(world.app, 'GET', path, { token, xToken });
  expect(answer.status).toBe(200);
});

test('4.7 an X-Token that no password bought must not be older than the password', async () => {
  const path = await world.user('operator');
  const token = await world.self('operator');
  const made = await world.app.xToken('operator');
  world.app.clock.advance(999);
  await world.send('PATCH', path, { body: { password: PASSWORD } });
  expect((await send(world.app, 'GET', path, { token, xToken: made })).status).toBe(401);
  world.app.clock.advance(1000);
  const later = await world.app.xToken('operator');
  expect((await send(world.app, 'GET', path, { token, xToken: later })).status).toBe(200);
});

test('2.13 a password ends with the lifetime of its policy', async () => {
  await world.policy('short', { credentialLifetime: '1000' });
  await world.user('ends', { policyExtId: 'short' });
  world.app.clock.advance(1000);
  expect((await world.logIn('ends', PASSWORD)).status).toBe(200);
  world.app.clock.advance(1);
  expect(refusal(await world.logIn('ends', PASSWORD))).toEqual(INVALID);
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
  const answer = await world.logIn('jane', PASSWORD, members);
  expect([answer.status, new Set(answer.body.errors.map(({ field }: { field: string }) => field))]).toEqual([
    422,
    new Set(fields),
  ]);
});

test('4.7 T1 needs a token with SelfAdmin, and is for POST alone', async () => {
  const body = { grant_type: 'password', username: 'jane', password: PASSWORD };
  expect((await send(world.app, 'POST', TOKEN, { body })).status).toBe(401);
  const token = await world.app.token({ sub: 'jane', roles: ['nevisIdm.UserAdmin'] });
  expect(refusal(await send(world.app, 'POST', TOKEN, { token, body }))).toEqual([403, ['errors.permissionDenied']]);
  expect((await send(world.app, 'GET', TOKEN, { token })).status).toBe(405);
});

test('4.7 an administrator who is no user here, and a user of another client, get the one answer', async () => {
  await world.world.builders.client('200');
  const body = { grant_type: 'password', username: 'jane', password: PASSWORD };
  for (const claims of [{ sub: 'admin-1' }, { sub: 'jane', client_ext_id: '200' }]) {
    const token = await world.app.token({ roles: ['nevisIdm.Root'], ...claims });
    expect(refusal(await send(world.app, 'POST', TOKEN, { token, body }))).toEqual(INVALID);
  }
});
