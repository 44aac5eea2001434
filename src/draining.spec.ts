import type { Request, Response } from 'express';
import { expect, test, vi } from 'vitest';

import { Draining } from './draining.js';

function answerOf(draining: Draining): [string, string][] {
  const headers: [string, string][] = [];
  const response = { setHeader: (name: string, value: string) => headers.push([name, value]) };
  draining.middleware({} as Request, response as unknown as Response, () => undefined);
  return headers;
}

test('answers end their connections once draining has begun, and not before', async () => {
  const draining = new Draining();
  expect([draining.hasBegun, answerOf(draining)]).toEqual([false, []]);
  await draining.begin(0);
  expect([draining.hasBegun, answerOf(draining)]).toEqual([true, [['Connection', 'close']]]);
});

test('draining is over after the time given, and not before', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  try {
    const over = vi.fn<() => void>();
    const draining = new Draining();
    const end = draining.begin(2_500).then(over);
    await vi.advanceTimersByTimeAsync(2_499);
    expect(over).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await end;
    expect(over).toHaveBeenCalledOnce();
  } finally {
    vi.useRealTimers();
  }
});
