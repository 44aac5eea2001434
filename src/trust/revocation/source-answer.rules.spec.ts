import { describe, expect, it } from 'vitest';

import { failedUntil, refreshAt } from './source-answer.rules.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const FIRST = Buffer.from('0000', 'hex');
const LAST = Buffer.from('ffff', 'hex');

describe('13.3 when the next answer is fetched', () => {
  it.each([
    [
      'after three quarters of its lifetime',
      '2026-06-01T12:00:00Z',
      '2026-06-01T20:00:00Z',
      FIRST,
      '2026-06-01T18:00:00.000Z',
    ],
    ['an hour before its end', '2026-06-01T12:00:00Z', '2026-06-01T14:00:00Z', FIRST, '2026-06-01T13:00:00.000Z'],
    [
      'in a day, however late it ends',
      '2026-05-01T12:00:00Z',
      '2036-06-01T14:00:00Z',
      FIRST,
      '2026-06-02T12:00:00.000Z',
    ],
    [
      'not sooner than in five minutes',
      '2026-06-01T00:00:00Z',
      '2026-06-01T12:30:00Z',
      FIRST,
      '2026-06-01T12:05:00.000Z',
    ],
    [
      'never in the background, if it ends before that',
      '2026-06-01T12:00:00Z',
      '2026-06-01T12:05:00Z',
      FIRST,
      undefined,
    ],
  ])('13.3 %s', (_, thisUpdate, nextUpdate, digest, expected) => {
    const lifetime = { thisUpdate: new Date(thisUpdate), nextUpdate: new Date(nextUpdate) };
    expect(refreshAt(lifetime, digest, NOW)?.toISOString()).toBe(expected);
  });

  it('13.3 answers that begin together are not all fetched at the same time, but always at their own', () => {
    const lifetime = { thisUpdate: NOW, nextUpdate: new Date('2026-06-01T22:00:00Z') };
    const [one, other] = [refreshAt(lifetime, FIRST, NOW), refreshAt(lifetime, LAST, NOW)];
    expect(Number(one) - Number(other)).toBeGreaterThan(59 * 60_000);
    expect(refreshAt(lifetime, LAST, NOW)).toEqual(other);
  });
});

describe('13.3 how long a source that has failed is not asked', () => {
  it.each([
    [1, 30],
    [2, 60],
    [5, 480],
    [6, 600],
    [1_000, 600],
  ])('13.3 after %i failures %i s', (failures, seconds) => {
    expect(failedUntil(failures, NOW).getTime() - NOW.getTime()).toBe(seconds * 1000);
  });
});
