import fc from 'fast-check';
import { expect, test } from 'vitest';

import { monthOf } from './partitions.js';

const between = (min: string, max: string) => fc.date({ min: new Date(min), max: new Date(max), noInvalidDate: true });

/** The years for which there are tables, and more often this century and the years with fewer than four digits. */
const instant = fc.oneof(
  between('0001-01-01', '9999-11-30T23:59:59.999Z'),
  between('2020-01-01', '2040-01-01'),
  between('0001-01-01', '0110-01-01'),
  between('0990-01-01', '1010-01-01'),
);

const offsets = fc.integer({ min: -14, max: 14 });

test('every instant is in its month, and in no other', () => {
  fc.assert(
    fc.property(instant, offsets, (at, offset) => {
      const { from, to } = monthOf(at, offset);
      expect(from <= at && at < to).toBe(offset === 0);
    }),
  );
});

test('all instants of a month have the same month, from the first to the last millisecond', () => {
  fc.assert(
    fc.property(instant, (at) => {
      const month = monthOf(at);
      expect(monthOf(month.from)).toEqual(month);
      expect(monthOf(new Date(month.to.getTime() - 1))).toEqual(month);
    }),
  );
});

test('each month begins where the previous one ends', () => {
  fc.assert(
    fc.property(instant, offsets, (at, offset) => {
      const month = monthOf(at, offset);
      expect(monthOf(at, offset + 1).from).toEqual(month.to);
      expect(monthOf(month.to)).toEqual(monthOf(at, offset + 1));
    }),
  );
});

test('the name of a table gives its month, and names are sorted as months are', () => {
  fc.assert(
    fc.property(instant, instant, (one, other) => {
      const [first, second] = [monthOf(one), monthOf(other)];
      const [, year, month] = /^audit_events_(\d{4})_(\d{2})$/.exec(first.table) ?? [];
      expect(first.from.toISOString()).toBe(`${year}-${month}-01T00:00:00.000Z`);
      expect(first.table < second.table).toBe(first.from < second.from);
    }),
  );
});
