import { expect, test, vi } from 'vitest';

import { Draining } from './draining.js';

test('draining ends after the given time', async () => {
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
