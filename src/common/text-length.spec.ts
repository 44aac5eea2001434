import { expect, test } from 'vitest';

import { isLongerThan } from './text-length.js';

test.each([
  ['', 0, false],
  ['abc', 3, false],
  ['abcd', 3, true],
  ['\u{1f600}\u{1f600}\u{1f600}', 3, false],
  ['\u{1f600}\u{1f600}\u{1f600}x', 3, true],
  ['e\u0301', 1, true],
])('2.4 %j is longer than %i: %s', (text, most, longer) => {
  expect(isLongerThan(text, most)).toBe(longer);
});
