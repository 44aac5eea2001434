import { expect, test } from 'vitest';

import { formatInstant, parseInstant } from './instant.js';

test.each([
  ['2026-06-01T12:00:00Z', '2026-06-01T12:00:00Z'],
  ['2026-06-01T12:00:00.999Z', '2026-06-01T12:00:00Z'],
  ['2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00Z'],
  ['2028-02-29T23:59:59-00:30', '2028-03-01T00:29:59Z'],
  ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00Z'],
  ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'],
])('2.1 %s is the instant %s', (text, shown) => {
  const instant = parseInstant(text);
  expect(instant).toBeDefined();
  expect(formatInstant(instant as Date)).toBe(shown);
});

test.each([
  ['without an offset', '2026-06-01T12:00:00'],
  ['without a time', '2026-06-01'],
  ['a day that does not exist', '2026-02-29T12:00:00Z'],
  ['the hour 24', '2026-06-01T24:00:00Z'],
  ['an offset of a hundred hours', '2026-06-01T12:00:00+99:00'],
  ['a year of six digits', '+010000-01-01T00:00:00Z'],
])('7.1 %s is not an instant', (_, text) => {
  expect(parseInstant(text)).toBeUndefined();
});
