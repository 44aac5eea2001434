import { afterAll, beforeAll, expect, test } from 'vitest';

import { PasswordHasher } from '../../src/passwords/password-hasher.js';
import { occupy } from '../support/full-queue.js';
import { type Answer, codesOf, refusalOf } from '../support/http.js';
import { PASSWORD, PasswordFixture } from '../support/password-fixture.js';
import { statementsOf } from '../support/statements.js';

let fixture: PasswordFixture;

beforeAll(async () => {
  fixture = await PasswordFixture.start();
  await fixture.policy('exact', { maxCredFailureCount: '7', tmpLockingThreshold: '-1' });
  await fixture.policy('never', { maxCredFailureCount: '-1', tmpLockingThreshold: '-1' });
});

afterAll(async () => await fixture.app.close());

test('4.8 a hundred wrong passwords at once lock the password at the number in the policy', async () => {
  await fixture.user('flood', { policyExtId: 'exact' });
  const answers: Answer[] = [];
  // Only a few are evaluated at a time, so the clock advances until the password is locked.
  for (let round = 0; round < 4; round += 1) {
    answers.push(...(await Promise.all(Array.from({ length: 25 }, async () => await fixture.logIn('flood', 'wrong')))));
    fixture.app.clock.advance(60_000);
  }
  const evaluated = answers.filter(({ status }) => status === 422);
  expect(evaluated.length).toBeGreaterThanOrEqual(7);
  expect([422, 429, 503]).toEqual(expect.arrayContaining([...new Set(answers.map(({ status }) => status))]));
  for (const answer of answers.filter(({ status }) => status !== 422)) {
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect(await fixture.stateOf('flood')).toEqual(['fail-locked', 7]);
  const [{ count }] = (await fixture.app.dataSource.query(
    `select count(*)::integer from audit_events where user_ext_id = 'flood' and action = 'loginFailed'`,
  )) as [{ count: number }];
  expect(count).toBe(evaluated.length);
});

test('4.8 one client may have four argon2id computations at a time, over all its users; more are 503', async () => {
  await Promise.all(['q-1', 'q-2', 'q-3'].map(async (name) => await fixture.user(name, { policyExtId: 'never' })));
  const names = Array.from({ length: 24 }, (_, index) => `q-${(index % 3) + 1}`);
  const { queue } = fixture.app.get(PasswordHasher);
  const giveBack = occupy(queue);
  const { client_limit: refusedBefore } = queue.refusals;
  const logins = names.map(async (name) => await fixture.logIn(name, PASSWORD));
  await expect.poll(() => queue.refusals.client_limit).toBe(refusedBefore + 20);
  await giveBack();
  const answers = await Promise.all(logins);
  const served = answers.filter(({ status }) => status === 200);
  const busy = answers.filter(({ status }) => status === 503);
  expect([served.length, busy.length]).toEqual([4, 20]);
  for (const answer of busy)
    expect([codesOf(answer), answer.headers.get('retry-after')]).toEqual([['errors.unavailable'], '1']);
  // Every place has been given back.
  expect((await fixture.logIn('q-1', PASSWORD)).status).toBe(200);
});

test('4.8 the right password uses up no attempt', async () => {
  await fixture.user('right', { policyExtId: 'never' });
  for (let time = 0; time < 25; time += 1) expect((await fixture.logIn('right', PASSWORD)).status).toBe(200);
  expect((await fixture.logIn('right', 'wrong')).status).toBe(422);
});

test('4.8 each caller has twenty wrong passwords at once, then one in three seconds', async () => {
  await fixture.user('often', { policyExtId: 'never' });
  await fixture.user('seldom');
  for (let time = 0; time < 20; time += 1) expect((await fixture.logIn('often', 'wrong')).status).toBe(422);
  const refused = await fixture.logIn('often', PASSWORD);
  expect([...refusalOf(refused), refused.headers.get('retry-after')]).toEqual([429, ['errors.tooManyRequests'], '3']);
  expect((await fixture.logIn('seldom', PASSWORD)).status).toBe(200);
  fixture.app.clock.advance(3000);
  expect((await fixture.logIn('often', 'wrong')).status).toBe(422);
  expect((await fixture.logIn('often', PASSWORD)).status).toBe(429);
  const statements = await statementsOf(fixture.app.dataSource, async () => await fixture.logIn('often', PASSWORD));
  expect(statements).toEqual([]);
});
