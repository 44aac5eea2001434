import { expect, test } from 'vitest';

import { partOfWorker } from './part-of-worker.js';

test.each([
  { total: 20, workers: 1, least: 1, part: 20 },
  { total: 20, workers: 2, least: 1, part: 10 },
  { total: 20, workers: 4, least: 1, part: 5 },
  { total: 4, workers: 3, least: 1, part: 1 },
  { total: 4, workers: 3, least: 2, part: 2 },
  { total: 4, workers: 4, least: 2, part: 2 },
  { total: 1, workers: 4, least: 1, part: 1 },
  { total: 20, workers: 64, least: 1, part: 1 },
])('$total among $workers workers, each at least $least: $part', ({ total, workers, least, part }) => {
  expect(partOfWorker(total, workers, least)).toBe(part);
});
