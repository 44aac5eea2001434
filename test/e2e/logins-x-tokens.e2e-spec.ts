import { afterAll, beforeAll, expect, test } from 'vitest';

import { CORE, refusalOf, send } from '../support/http.js';
import { PASSWORD, PasswordWorld } from '../support/password-world.js';

let world: PasswordWorld;

beforeAll(async () => {
  world = await PasswordWorld.start();
});

afterAll(async () => await world.app.close());

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
    expect([method, target, ...refusalOf(answer)]).toEqual([method, target, 401, ['errors.unauthenticated']]);
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
