import { afterAll, beforeAll, expect, test } from 'vitest';

import { refusalOf } from '../support/http.js';
import { PASSWORD, PasswordWorld } from '../support/password-world.js';

const STRICT = { tmpLockingThreshold: '2', tmpLockingDuration: '60000', maxCredFailureCount: '4' };
const INVALID = [422, ['errors.invalidCredentials']];

let world: PasswordWorld;

beforeAll(async () => {
  world = await PasswordWorld.start(STRICT);
  await world.policy('threshold', { ...STRICT, tmpLockingMode: 'threshold' });
});

afterAll(async () => await world.app.close());

/** Fails until it is locked for good, the clock moved on past each temporary lock; the state after each. */
async function failing(user: string, times: number): Promise<unknown[]> {
  const states: unknown[] = [];
  for (let time = 0; time < times; time += 1) {
    await world.logIn(user, 'wrong');
    states.push(await world.stateOf(user));
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
  expect(await world.stateOf('strict')).toEqual(['fail-locked', 4]);
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
  expect(refusalOf(await world.logIn('back', PASSWORD))).toEqual(INVALID);
  expect(refusalOf(await world.logIn('back', 'wrong'))).toEqual(INVALID);
  expect(await world.stateOf('back')).toEqual(['tmp-locked', 2]);
  world.app.clock.advance(1);
  expect((await world.logIn('back', PASSWORD)).status).toBe(200);
  expect(await world.stateOf('back')).toEqual(['active', 0]);
  expect((await world.send('GET', path)).body.version).toBe(1);
  expect(await failing('back', 4)).toHaveLength(4);
  expect(refusalOf(await world.logIn('back', PASSWORD))).toEqual(INVALID);
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
