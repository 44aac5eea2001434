import { expect, it } from 'vitest';

import { isCountryCode } from './user-member.js';

const letters = Array.from({ length: 26 }, (_, index) => String.fromCodePoint(65 + index));
const pairs = letters.flatMap((first) => letters.map((second) => first + second));

it('2.4 there are 249 country codes, and Node has a name for each', () => {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const known = pairs.filter(isCountryCode);
  expect(known).toHaveLength(249);
  expect(known.filter((code) => names.of(code) === undefined)).toEqual([]);
});

// Reserved, user-assigned, withdrawn, of another standard, in another form.
it.each(['UK', 'EU', 'XK', 'XX', 'AA', 'ZZ', 'AN', 'SU', 'YU', 'CHE', 'ch', 'Ch', 'C', '', 'CH '])(
  '2.4 fail/%s is not a country code',
  (code) => {
    expect(isCountryCode(code)).toBe(false);
  },
);
