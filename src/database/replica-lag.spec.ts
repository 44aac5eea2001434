import { expect, test } from 'vitest';

import { MAX_LAG_MS, PrimaryPositions } from './replica-lag.js';

test('nothing is known of a primary that was never asked', () => {
  expect(new PrimaryPositions().required(0)).toBeUndefined();
});

test('a replica must have what the primary had before the bound, and at first what it had then', () => {
  const positions = new PrimaryPositions();
  positions.add(100n, 0);
  positions.add(200n, 1_000);
  positions.add(300n, 2_000);
  expect(positions.required(2_000)).toBe(100n);
  expect(positions.required(MAX_LAG_MS + 999)).toBe(100n);
  expect(positions.required(MAX_LAG_MS + 1_000)).toBe(200n);
});

test('without a primary, a replica must have the last that was known', () => {
  const positions = new PrimaryPositions();
  positions.add(100n, 0);
  positions.add(200n, 1_000);
  expect(positions.required(10 * MAX_LAG_MS)).toBe(200n);
});

test('a new primary that has less counts instead of the former one', () => {
  const positions = new PrimaryPositions();
  positions.add(300n, 0);
  positions.add(250n, 1_000);
  expect(positions.required(2_000)).toBe(250n);
});
