import { setImmediate as everythingBegun } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { GatheringTurns, PutOffError } from './gathering-turns.js';

test('evidence is gathered for four rows at once, in their order', async () => {
  const turns = new GatheringTurns();
  const begun: number[] = [];
  const sources = Array.from({ length: 10 }, () => Promise.withResolvers<void>());
  const rows = sources.map(async ({ promise }, index) => {
    await turns.run(async () => {
      begun.push(index);
      await promise;
    });
  });
  for (const [index, source] of sources.entries()) {
    await everythingBegun();
    expect(begun).toHaveLength(Math.min(index + 4, 10));
    source.resolve();
    await rows[index];
  }
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('an error is of its row alone', async () => {
  const turns = new GatheringTurns();
  const rows = Array.from({ length: 9 }, async (_, index) => {
    return await turns.run(async () => (index % 2 === 0 ? await Promise.reject(new Error('no source')) : index));
  });
  const endings = await Promise.allSettled(rows);
  expect(endings.map(({ status }) => status === 'fulfilled')).toEqual(endings.map((_, index) => index % 2 === 1));
});

test('once the turn of the job is over, rows that have not begun are put off', async () => {
  let isOver = false;
  const turns = new GatheringTurns(() => isOver);
  const source = Promise.withResolvers<void>();
  const rows = Array.from({ length: 6 }, async () => await turns.run(async () => await source.promise));
  await everythingBegun();
  isOver = true;
  source.resolve();
  const endings = await Promise.allSettled(rows);
  expect(endings.map(({ status }) => status)).toEqual([
    ...Array.from({ length: 4 }, () => 'fulfilled'),
    'rejected',
    'rejected',
  ]);
  expect(endings[5]).toMatchObject({ reason: expect.any(PutOffError) as unknown });
});
