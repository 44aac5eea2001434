import { expect, test } from 'vitest';

import { AppError, CallerLeftError } from '../common/errors.js';
import { PasswordHasher } from './password-hasher.js';

const PASSWORD = 'correct horse';

test('4.8 a client may have four computations of any kind; a fifth is refused at once, and finished ones make room', async () => {
  const hasher = new PasswordHasher();
  const hash = await hasher.hash('100', PASSWORD, undefined);
  const four = [
    hasher.hash('100', 'another', undefined),
    hasher.matches('100', hash, PASSWORD, undefined),
    hasher.matches('100', undefined, PASSWORD, undefined),
    hasher.matches('100', 'no hash at all', PASSWORD, undefined),
  ];
  const settled = Promise.allSettled(four);
  expect(() => hasher.requireRoom('100')).toThrow(AppError);
  await expect(hasher.matches('100', hash, PASSWORD, undefined)).rejects.toMatchObject({
    code: 'errors.unavailable',
    message: 'Too many passwords of this client are waiting. Try again in 1 s.',
    retryAfterSeconds: 1,
  });
  expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
  hasher.requireRoom('100');
  const again = Array.from({ length: 4 }, async () => await hasher.matches('100', hash, PASSWORD, undefined));
  expect(await Promise.all(again)).toEqual([true, true, true, true]);
});

test('4.8 while one client is refused, another one is not, and its turn comes before the last of the first', async () => {
  const hasher = new PasswordHasher();
  const finished: string[] = [];
  const hashAs = async (clientExtId: string) => {
    await hasher.hash(clientExtId, PASSWORD, undefined);
    finished.push(clientExtId);
  };
  const flood = Array.from({ length: 10 }, async () => await hashAs('flood'));
  const settled = Promise.allSettled(flood);
  expect(() => hasher.requireRoom('flood')).toThrow(AppError);
  hasher.requireRoom('200');
  await hashAs('200');
  const results = await settled;
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(6);
  expect(finished.indexOf('200')).toBeLessThan(4);
});

test('4.8 the waiting password of a caller who disconnected is not hashed', async () => {
  const hasher = new PasswordHasher();
  const places = Array.from({ length: 3 }, async () => await hasher.queue.acquire('100'));
  const caller = new AbortController();
  const left = hasher.matches('100', 'no hash at all', PASSWORD, caller.signal);
  caller.abort(new CallerLeftError());
  // If it were hashed, the error would be another one.
  await expect(left).rejects.toThrow(CallerLeftError);
  for (const place of places) (await place)();
  expect([hasher.queue.heldCount, hasher.queue.waitingCount]).toEqual([0, 0]);
});

test.each([
  [1, 4],
  [2, 2],
  [4, 2],
  [64, 2],
])(
  '4.8 with %i workers, each computes a password at a time at least, and a client may have %i',
  async (workers, ofClient) => {
    const { queue } = new PasswordHasher(workers);
    expect(queue.slotCount).toBeGreaterThanOrEqual(1);
    const callers = new AbortController();
    const acquired = Array.from({ length: ofClient }, async () => await queue.acquire('100', callers.signal));
    expect(() => queue.requireRoom('100')).toThrow(AppError);
    queue.requireRoom('200');
    // Those that still wait would be refused during another test.
    callers.abort();
    await Promise.allSettled(acquired);
  },
);

test('4.8 no password matches a missing hash', async () => {
  const hasher = new PasswordHasher();
  for (const password of ['', PASSWORD])
    expect(await hasher.matches('100', undefined, password, undefined)).toBe(false);
});
