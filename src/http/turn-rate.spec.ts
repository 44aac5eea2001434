import { expect, test } from 'vitest';

import { TurnRate } from './turn-rate.js';

test('the wait is predicted from what was started while requests had been waiting for a quarter of a second', () => {
  const rate = new TurnRate();
  for (let turn = 0; turn < 24; turn += 1) rate.add(10, 5);
  expect(rate.expectedMs(1_000)).toBe(0);
  rate.add(10, 5);
  expect(rate.expectedMs(1_000)).toBe(2_000);
  for (let turn = 0; turn < 25; turn += 1) rate.add(10, 10);
  expect(rate.expectedMs(1_000)).toBe(1_000);
});

test('a single long turn predicts nothing, and five of them do', () => {
  const rate = new TurnRate();
  for (let turn = 0; turn < 4; turn += 1) {
    rate.add(10_000, 1);
    expect(rate.expectedMs(1_000_000)).toBe(0);
  }
  rate.add(10_000, 1);
  expect(rate.expectedMs(1)).toBe(50);
});

test('if nothing could be started, the wait is as long as the window for each request', () => {
  const rate = new TurnRate();
  for (let turn = 0; turn < 5; turn += 1) rate.add(50, 0);
  expect(rate.expectedMs(1)).toBe(250);
});

test('once nothing is waiting, nothing is predicted until there is a new window', () => {
  const rate = new TurnRate();
  for (let turn = 0; turn < 9; turn += 1) rate.add(50, 1);
  expect(rate.expectedMs(1)).toBe(50);
  rate.reset();
  expect(rate.expectedMs(1)).toBe(0);
  rate.add(50, 1);
  expect(rate.expectedMs(1)).toBe(0);
});
