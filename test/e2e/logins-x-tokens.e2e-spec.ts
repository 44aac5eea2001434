import { afterAll, beforeAll, expect, test } from 'vitest';

import { CORE, refusalOf, send } from '../support/http.js';
import { PASSWORD, PasswordFixture } from '../support/password-fixture.js';

let fixture: PasswordFixture;

beforeAll(async () => {
  fixture = await PasswordFixture.start();
});

afterAll(async () => await fixture.app.close());

test.each<[string, (path: string) => Promise<unknown>]>([
  [
    'changed by an administrator',
    async (path) => await fixture.send('PATCH', path, { body: { password: `${PASSWORD}2` } }),
  ],
  ['set to the same value', async (path) => await fixture.send('PATCH', path, { body: { password: PASSWORD } })],
  ['deleted', async (path) => await fixture.send('DELETE', path)],
  [
    'deleted and created again',
    async (path) => {
      await fixture.send('DELETE', path);
      await fixture.send('POST', path, { body: { password: PASSWORD } });
    },
  ],
])('4.7, 7.2 an X-Token issued before the password was %s is refused in the same second', async (how, change) => {
  const user = how.replaceAll(' ', '-');
  const path = await fixture.user(user);
  const own = await fixture.fixture.register(`of-${user}`, {}, user);
  const [token, xToken] = [await fixture.self(user), await fixture.xToken(user)];
  const patch = async (version?: number) =>
    await send(fixture.app, 'PATCH', own, { token, xToken, body: { modificationComment: `v${version}` } });
  expect((await patch(1)).status).toBe(200);
  await change(path);
  const requests: [string, string, unknown][] = [
    ['GET', own, undefined],
    ['GET', fixture.fixture.path(user), undefined],
    ['GET', `${own}/history`, undefined],
    ['GET', path, undefined],
    ['GET', `${CORE}/100/users/${user}`, undefined],
    ['PATCH', `${CORE}/100/users/${user}`, { remarks: 'late' }],
    ['PATCH', own, { modificationComment: 'late' }],
    ['PATCH', path, { password: `${PASSWORD}3` }],
    ['POST', fixture.fixture.path(user), { certificate: await fixture.fixture.pem('late') }],
    ['DELETE', own, undefined],
  ];
  for (const [method, target, body] of requests) {
    const answer = await send(fixture.app, method, target, { token, xToken, body });
    expect([method, target, ...refusalOf(answer)]).toEqual([method, target, 401, ['errors.unauthenticated']]);
  }
});

test('4.7 an X-Token stays valid after logins, failures and a changed comment', async () => {
  const path = await fixture.user('lives');
  const [token, xToken] = [await fixture.self('lives'), await fixture.xToken('lives')];
  await fixture.logIn('lives', 'wrong');
  await fixture.xToken('lives');
  await fixture.send('PATCH', path, { body: { modificationComment: 'x' } });
  const answer = await send(fixture.app, 'GET', path, { token, xToken });
  expect(answer.status).toBe(200);
});

test.each(['tmp-locked', 'fail-locked', 'reset-code', 'disabled'])(
  '4.7 an X-Token is refused while its password is %s, and valid again afterwards',
  async (stateName) => {
    const user = `held-${stateName}`;
    const path = await fixture.user(user);
    const own = await fixture.fixture.register(`of-${user}`, {}, user);
    const [token, xToken] = [await fixture.self(user), await fixture.xToken(user)];
    const patch = async (dryRun = '') =>
      await send(fixture.app, 'PATCH', `${own}${dryRun}`, { token, xToken, body: { modificationComment: 'mine' } });
    await fixture.send('PATCH', path, { body: { stateName } });
    for (const answer of [
      await patch(),
      await patch('?dryRun=true'),
      await send(fixture.app, 'GET', own, { token, xToken }),
      await send(fixture.app, 'DELETE', own, { token, xToken }),
      await send(fixture.app, 'PATCH', path, { token, xToken, body: { password: `${PASSWORD}2` } }),
      await send(fixture.app, 'PATCH', `${CORE}/100/users/${user}`, { token, xToken, body: { userState: 'disabled' } }),
    ]) {
      expect(refusalOf(answer)).toEqual([401, ['errors.unauthenticated']]);
      expect(answer.body.errors[0].field).toBe('X-Token');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer error="insufficient_user_authentication"');
    }
    // Requests that need no X-Token still work without one.
    expect((await send(fixture.app, 'GET', own, { token })).status).toBe(200);
    await fixture.send('PATCH', path, { body: { stateName: 'active' } });
    expect((await patch()).status).toBe(200);
  },
);

test('4.7 an X-Token of an archived password is refused', async () => {
  const path = await fixture.user('held-archived', { stateName: 'archived' });
  const token = await fixture.self('held-archived');
  // An archived password gets no X-Token, and one from the command line is refused as well.
  expect((await fixture.logIn('held-archived', PASSWORD)).status).toBe(422);
  fixture.app.clock.advance(1000);
  const answer = await send(fixture.app, 'GET', path, { token, xToken: await fixture.app.xToken('held-archived') });
  expect(refusalOf(answer)).toEqual([401, ['errors.unauthenticated']]);
  expect(answer.body.errors[0].field).toBe('X-Token');
});

test('4.7 an X-Token is refused while failed logins lock its password', async () => {
  const path = await fixture.user('failing');
  const [token, xToken] = [await fixture.self('failing'), await fixture.xToken('failing')];
  for (const attempt of ['wrong', 'wrong again']) await fixture.logIn('failing', attempt);
  expect((await send(fixture.app, 'GET', path, { token, xToken })).status).toBe(401);
  fixture.app.clock.advance(60_000);
  expect((await send(fixture.app, 'GET', path, { token, xToken })).status).toBe(200);
});

test('4.7 an X-Token expires with its password', async () => {
  await fixture.policy('short', { credentialLifetime: '600000' });
  const path = await fixture.user('short-lived', { policyExtId: 'short' });
  const [token, xToken] = [await fixture.self('short-lived'), await fixture.xToken('short-lived')];
  expect((await send(fixture.app, 'GET', path, { token, xToken })).status).toBe(200);
  fixture.app.clock.advance(601_000);
  expect((await send(fixture.app, 'GET', path, { token: await fixture.self('short-lived'), xToken })).status).toBe(401);
});

test('4.7 an X-Token from the command line must not be older than the password', async () => {
  const path = await fixture.user('operator');
  const token = await fixture.self('operator');
  const made = await fixture.app.xToken('operator');
  fixture.app.clock.advance(999);
  await fixture.send('PATCH', path, { body: { password: PASSWORD } });
  expect((await send(fixture.app, 'GET', path, { token, xToken: made })).status).toBe(401);
  fixture.app.clock.advance(1000);
  const later = await fixture.app.xToken('operator');
  expect((await send(fixture.app, 'GET', path, { token, xToken: later })).status).toBe(200);
});
