import { describe, expect, it } from 'vitest';

import { JOB_KINDS } from './job.model.js';
import { undoableUntil } from './job.rules.js';

const ENDED = new Date('2026-11-24T09:30:00.000Z');
const UNTIL = new Date('2026-11-24T10:30:00.000Z');

const job = { kind: 'disable', ended: ENDED, isUndone: false, changed: 1, unchanged: 0, refused: 0, gone: 0 } as const;

describe('undoableUntil', () => {
  it.each<[string, Partial<Parameters<typeof undoableUntil>[0]>, Date, Date | undefined]>([
    ['at its end', {}, ENDED, UNTIL],
    ['a millisecond before the hour is over', {}, new Date(UNTIL.getTime() - 1), UNTIL],
    ['when the hour is over', {}, UNTIL, undefined],
    ['while it runs', { ended: null }, ENDED, undefined],
    ['once it has been undone', { isUndone: true }, ENDED, undefined],
    ['if it has changed nothing', { changed: 0, unchanged: 3, refused: 2, gone: 1 }, ENDED, undefined],
    ['if some rows were refused', { refused: 9_999 }, ENDED, UNTIL],
  ])('17.3 %s', (_, members, now, until) => {
    expect(undoableUntil({ ...job, ...members }, now)).toEqual(until);
  });

  it('17.3 of the kinds, neither a deletion nor an import nor an undo', () => {
    expect(JOB_KINDS.filter((kind) => undoableUntil({ ...job, kind }, ENDED) !== undefined)).toEqual([
      'disable',
      'enable',
      'move',
    ]);
  });
});
