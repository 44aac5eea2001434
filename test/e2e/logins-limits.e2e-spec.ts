import { afterAll, beforeAll, expect, test } from 'vitest';

import { type Answer, codesOf, refusalOf } from '../support/http.js';
import { PASSWORD, PasswordWorld } from '../support/password-world.js';
import { statementsOf } from '../support/statements.js';

let world: PasswordWorld;

beforeAll(async () => {
  world = await PasswordWorld.start();
  await world.policy('exact', { maxCredFailureCount: '7', tmpLockingThreshold: '-1' });
  await world.policy('never', { maxCredFailureCount: '-1', tmpLockingThreshold: '-1' });
});

afterAll(async () => await world.app.close());

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
  expect(await world.stateOf('flood')).toEqual(['fail-locked', 7]);
  const [{ count }] = (await world.app.dataSource.query(
    `select count(*)::integer from trail where user_ext_id = 'flood' and action = 'loginFailed'`,
  )) as [{ count: number }];
  expect(count).toBe(judged.length);
});

test('4.8 at most four argon2id of one client at a time, whichever of its users asks; then 503', async () => {
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
  expect([...refusalOf(refused), refused.headers.get('retry-after')]).toEqual([429, ['errors.tooManyRequests'], '3']);
  expect((await world.logIn('seldom', PASSWORD)).status).toBe(200);
  world.app.clock.advance(3000);
  expect((await world.logIn('often', PASSWORD)).status).toBe(200);
  expect((await world.logIn('often', PASSWORD)).status).toBe(429);
  const statements = await statementsOf(world.app.dataSource, async () => await world.logIn('often', PASSWORD));
  expect(statements).toEqual([]);
});
