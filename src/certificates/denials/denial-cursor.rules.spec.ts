import { expect, it, test } from 'vitest';

import { cursorOf, needsResync, numberOf } from './denial-cursor.rules.js';

test('15.8 a cursor gives back its number', () => {
  for (const number of [0, 1, 35, 36, 1_000_000, Number.MAX_SAFE_INTEGER - 1_000_000]) {
    expect(numberOf(cursorOf(number))).toBe(number);
  }
});

it.each([
  '',
  '1',
  'd1.',
  'd1.-1',
  'd1.01',
  'd1.A',
  'd2.1',
  ' d1.1',
  'd1.1\n',
  `d1.${'z'.repeat(12)}`,
  'd1.zzzzzzzzzzz',
])('15.8 %j is no cursor', (text) => {
  expect(numberOf(text)).toBeUndefined();
});

const FEED = { lastNumber: 20, removedNumber: 10 };

it.each<[string, number | undefined, boolean]>([
  ['none at all', undefined, true],
  ['one from before what was removed', 9, true],
  ['the newest number that was removed: everything after it is there', 10, false],
  ['one in between', 15, false],
  ['the newest number', 20, false],
  ['a number that was never given', 21, true],
])('15.8 whether a cursor needs a resync: %s', (_title, after, expected) => {
  expect(needsResync(after, FEED)).toBe(expected);
});
