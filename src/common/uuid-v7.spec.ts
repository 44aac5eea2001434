import { expect, test } from 'vitest';

import { uuidV7 } from './uuid-v7.js';

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Later than all times in the rest of the run. */
const at = new Date('2099-01-01T00:00:00.000Z');

test('each UUID is greater than the previous one, within a millisecond and when the clock goes back', () => {
  let previous = '';
  for (let index = 0; index < 10_000; index += 1) {
    const next = uuidV7(index % 2 === 0 ? at : new Date(at.getTime() - 5));
    expect(next).toMatch(FORM);
    expect(next > previous).toBe(true);
    previous = next;
  }
});

test('the first six octets are the time in milliseconds', () => {
  const later = new Date('2099-06-01T00:00:00.123Z');
  expect(Number.parseInt(uuidV7(later).replaceAll('-', '').slice(0, 12), 16)).toBe(later.getTime());
});
