import { afterAll, beforeAll, expect, test } from 'vitest';

import { refusalOf } from '../support/http.js';
import { PASSWORD, PasswordFixture } from '../support/password-fixture.js';

const STRICT = { tmpLockingThreshold: '2', tmpLockingDuration: '60000', maxCredFailureCount: '4' };
const INVALID = [422, ['errors.invalidCredentials']];

let fixture: PasswordFixture;

beforeAll(async () => {
  fixture = await PasswordFixture.start(STRICT);
  await fixture.policy('threshold', { ...STRICT, tmpLockingMode: 'threshold' });
});

afterAll(async () => await fixture.app.close());

/** Fails logins until the permanent lock, with the clock past each temporary one. Returns the state after each. */
async function failing(user: string, times: number): Promise<unknown[]> {
  const states: unknown[] = [];
  for (let time = 0; time < times; time += 1) {
    await fixture.logIn(user, 'wrong');
    states.push(await fixture.stateOf(user));
    fixture.app.clock.advance(60_000);
  }
  return states;
}

test('5.2 with the strict mode one failure after a temporary lock locks again', async () => {
  await fixture.user('strict');
  expect(await failing('strict', 4)).toEqual([
    ['active', 1],
    ['tmp-locked', 2],
    ['tmp-locked', 3],
    ['fail-locked', 4],
  ]);
  expect(await fixture.stateOf('strict')).toEqual(['fail-locked', 4]);
});

test('5.2 with the threshold mode a temporary lock resets the count to the next one, but not the count to the permanent lock', async () => {
  await fixture.user('threshold', { policyExtId: 'threshold' });
  expect(await failing('threshold', 4)).toEqual([
    ['active', 1],
    ['tmp-locked', 2],
    ['active', 3],
    ['fail-locked', 4],
  ]);
});

test('5.2, 5.3 a temporary lock ends by itself and is not extended; a login or an unlock clears the failures', async () => {
  const path = await fixture.user('back');
  for (let time = 0; time < 2; time += 1) await fixture.logIn('back', 'wrong');
  fixture.app.clock.advance(59_999);
  // While it is locked, neither the right password nor a wrong one changes anything.
  expect(refusalOf(await fixture.logIn('back', PASSWORD))).toEqual(INVALID);
  expect(refusalOf(await fixture.logIn('back', 'wrong'))).toEqual(INVALID);
  expect(await fixture.stateOf('back')).toEqual(['tmp-locked', 2]);
  fixture.app.clock.advance(1);
  expect((await fixture.logIn('back', PASSWORD)).status).toBe(200);
  expect(await fixture.stateOf('back')).toEqual(['active', 0]);
  expect((await fixture.send('GET', path)).body.version).toBe(1);
  expect(await failing('back', 4)).toHaveLength(4);
  expect(refusalOf(await fixture.logIn('back', PASSWORD))).toEqual(INVALID);
  const unlocked = await fixture.send('PATCH', path, { body: { stateName: 'active' } });
  expect(unlocked.body).toMatchObject({ version: 2, failedLoginCount: 0, stateChangeReason: 'unlock' });
  expect((await fixture.logIn('back', PASSWORD)).status).toBe(200);
});

test('5.4 the reason of a lock is in the answer and in the audit log', async () => {
  const path = await fixture.user('reason');
  for (let time = 0; time < 2; time += 1) await fixture.logIn('reason', 'wrong');
  expect((await fixture.send('GET', path)).body.stateChangeReason).toBe('too-many-login-failures');
  const lines: unknown = await fixture.app.dataSource.query(
    `select reason from audit_events where user_ext_id = 'reason' and action = 'loginFailed' order by id`,
  );
  expect(lines).toEqual([{ reason: null }, { reason: 'too-many-login-failures' }]);
});
