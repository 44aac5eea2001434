import { expect, test } from 'vitest';

import { RecentMean } from './recent-mean.js';

/** Adds so many values, one every `everyMs`. */
function addSome(
  mean: RecentMean,
  count: number,
  { value, everyMs, from }: Record<'value' | 'everyMs' | 'from', number>,
) {
  for (let index = 1; index <= count; index += 1) mean.add(value, from + index * everyMs);
  return from + count * everyMs;
}

test('the mean of no values is 0, and of one value that value', () => {
  const mean = new RecentMean();
  expect(mean.value).toBe(0);
  mean.add(7, 1_000_000);
  expect(mean.value).toBe(7);
});

test('eight jobs that a slow disk lets end together hardly change the mean of a thousand a second', () => {
  const mean = new RecentMean();
  const now = addSome(mean, 2_000, { value: 8, everyMs: 1, from: 0 });
  addSome(mean, 8, { value: 60, everyMs: 0, from: now + 60 });
  expect(mean.value).toBeGreaterThan(8);
  expect(mean.value).toBeLessThan(10);
});

test.each([
  { everyMs: 1, count: 1_000 },
  { everyMs: 12, count: 84 },
  { everyMs: 500, count: 2 },
])('jobs that take longer for a second are most of the mean, one every $everyMs ms', ({ everyMs, count }) => {
  const mean = new RecentMean();
  const now = addSome(mean, 1_000, { value: 5, everyMs, from: 0 });
  addSome(mean, count, { value: 500, everyMs, from: now });
  expect(mean.value).toBeGreaterThan(400);
});

test('of jobs of different lengths, each counts once, however long it took', () => {
  const mean = new RecentMean();
  let now = 0;
  for (let index = 0; index < 500; index += 1) {
    now = addSome(mean, 1, { value: 100, everyMs: 1, from: now });
    now = addSome(mean, 9, { value: 1, everyMs: 1, from: now });
  }
  expect(mean.value).toBeCloseTo(10.9, 0);
});
