import { describe, expect, test } from 'vitest';

import { FairSlots, type FairSlotsLimits } from './fair-slots.js';

const LIMITS: FairSlotsLimits = {
  slots: 10,
  share: 5,
  reserved: 2,
  maxWaiting: 100,
  maxWaitingPerKey: 50,
  waitMs: 60_000,
};

/** Requests `count` slots; `granted` gets them when they are given. */
function ask(slots: FairSlots, key: string, count: number): (() => void)[] {
  const granted: (() => void)[] = [];
  for (let index = 0; index < count; index += 1)
    void slots.acquire(key).then(
      (release) => granted.push(release),
      () => undefined,
    );
  return granted;
}

const settled = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

test('a single key gets all slots except the reserved ones', async () => {
  const slots = new FairSlots(LIMITS);
  const granted = ask(slots, 'a', 30);
  await settled();
  expect([granted.length, slots.waitingCount]).toEqual([8, 22]);
});

test('another key is served at once while one holds more than its share', async () => {
  const slots = new FairSlots(LIMITS);
  ask(slots, 'a', 50);
  const other = ask(slots, 'b', 1);
  await settled();
  expect(other).toHaveLength(1);
});

test('while others wait, a key gets at most its share', async () => {
  const slots = new FairSlots(LIMITS);
  const hostile = ask(slots, 'a', 40);
  await settled();
  const other = ask(slots, 'b', 20);
  await settled();
  expect(other).toHaveLength(2);
  for (let round = 0; round < 8; round += 1) {
    hostile.shift()?.();
    await settled();
  }
  expect([hostile.length, other.length]).toEqual([5, 5]);
});

test.each([2, 3, 7])('with %i flooding keys, another key waits for one round at most', async (floods) => {
  const slots = new FairSlots({ ...LIMITS, slots: 4, share: 2, reserved: 0, maxWaiting: 1000 });
  const keys = Array.from({ length: floods }, (_, index) => `flood-${index}`);
  const granted = new Map(keys.map((key) => [key, ask(slots, key, 50)]));
  await settled();
  const other = ask(slots, 'other', 1);
  let releases = 0;
  while (other.length === 0) {
    const holder = [...granted.values()].find((held) => held.length > 0);
    holder?.shift()?.();
    releases += 1;
    await settled();
    expect(releases).toBeLessThanOrEqual(floods + 1);
  }
});

test('every released slot can be taken again', async () => {
  const slots = new FairSlots(LIMITS);
  const granted = ask(slots, 'a', 30);
  await settled();
  for (let count = 0; count < 30; count += 1) {
    granted.shift()?.();
    await settled();
  }
  const again = ask(slots, 'b', 10);
  await settled();
  expect([again.length, slots.waitingCount]).toEqual([8, 2]);
});

test('a key beyond its limit of waiting jobs is refused, and another key is not', async () => {
  const slots = new FairSlots({ ...LIMITS, maxWaitingPerKey: 3 });
  ask(slots, 'a', 11);
  await expect(slots.acquire('a')).rejects.toMatchObject({ code: 'errors.unavailable', retryAfterSeconds: 1 });
  expect(await slots.acquire('b')).toBeTypeOf('function');
});

test('beyond the total limit of waiting jobs every key is refused', async () => {
  const slots = new FairSlots({ ...LIMITS, slots: 1, share: 1, reserved: 0, maxWaiting: 2 });
  ask(slots, 'a', 2);
  ask(slots, 'b', 1);
  await expect(slots.acquire('c')).rejects.toThrow('Too many requests of all clients are waiting. Try again in 1 s.');
});

test('a job that waits too long is refused and does not delay others', async () => {
  const slots = new FairSlots({ ...LIMITS, slots: 1, share: 1, reserved: 0, waitMs: 1 });
  const release = await slots.acquire('a');
  await expect(slots.acquire('b')).rejects.toThrow('not served within 0.001 s');
  expect(slots.waitingCount).toBe(0);
  release();
  expect(await slots.acquire('c')).toBeTypeOf('function');
});

describe('an aborted job', () => {
  const ONE: FairSlotsLimits = { ...LIMITS, slots: 1, share: 1, reserved: 0 };

  test('leaves the queue at once, and the next one of its key is served in its place', async () => {
    const slots = new FairSlots(ONE);
    const release = await slots.acquire('a');
    const caller = new AbortController();
    const left = slots.acquire('a', caller.signal);
    const next = ask(slots, 'a', 1);
    caller.abort(new Error('gone'));
    expect(slots.waitingCount).toBe(1);
    await expect(left).rejects.toThrow('gone');
    release();
    await settled();
    expect([next.length, slots.waitingCount]).toEqual([1, 0]);
  });

  test('makes room for another one at the limit', async () => {
    const slots = new FairSlots({ ...ONE, maxWaiting: 1 });
    const release = await slots.acquire('a');
    const caller = new AbortController();
    const left = slots.acquire('b', caller.signal);
    caller.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    const other = slots.acquire('c');
    release();
    expect(await other).toBeTypeOf('function');
  });

  test('gets no slot if it was aborted before it was submitted', async () => {
    const slots = new FairSlots(ONE);
    await expect(slots.acquire('a', AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(await slots.acquire('a')).toBeTypeOf('function');
  });

  test('has a slot to release if it got one before the abort', async () => {
    const slots = new FairSlots(ONE);
    const release = await slots.acquire('a');
    const caller = new AbortController();
    const served = slots.acquire('b', caller.signal);
    release();
    caller.abort(new Error('gone'));
    (await served)();
    expect(await slots.acquire('c')).toBeTypeOf('function');
  });
});

test('a second release of a job has no effect', async () => {
  const slots = new FairSlots({ ...LIMITS, slots: 1, share: 1, reserved: 0 });
  const release = await slots.acquire('a');
  release();
  const held = await slots.acquire('a');
  release();
  expect(slots.heldCount).toBe(1);
  held();
  expect(slots.heldCount).toBe(0);
});

test('held and waiting jobs of a key together can have a limit, besides the one for waiting jobs', async () => {
  const slots = new FairSlots({ ...LIMITS, maxPerKey: 9, maxWaitingPerKey: 9 });
  const granted = ask(slots, 'a', 9);
  await settled();
  expect([granted.length, slots.waitingCount]).toEqual([8, 1]);
  expect(() => slots.requireRoom('a')).toThrow('Too many requests of this client are waiting.');
  slots.requireRoom('b');
});

test('when all other keys leave the queue, the remaining key gets the free slots at once', async () => {
  const slots = new FairSlots({ ...LIMITS, slots: 4, share: 1, reserved: 0 });
  await slots.acquire('a');
  const held = ask(slots, 'b', 3);
  await settled();
  const caller = new AbortController();
  const leaves = slots.acquire('b', caller.signal);
  const stays = ask(slots, 'a', 1);
  held.shift()?.();
  await settled();
  // Both keys hold their share, and neither gets more while the other waits.
  expect([stays.length, slots.heldCount, slots.waitingCount]).toEqual([0, 3, 2]);
  caller.abort(new Error('gone'));
  await expect(leaves).rejects.toThrow('gone');
  expect([stays.length, slots.heldCount, slots.waitingCount]).toEqual([1, 4, 0]);
});

test('refusals name the jobs, have a retry time, and are counted by reason', async () => {
  const limits = { ...LIMITS, slots: 1, share: 1, reserved: 0, maxWaiting: 2, maxWaitingPerKey: 1, waitMs: 1 };
  const slots = new FairSlots(limits, 'PKCS#12 files', 5);
  await slots.acquire('a');
  const waiting = Promise.allSettled([slots.acquire('a'), slots.acquire('b')]);
  const messageOf = async (key: string): Promise<unknown> =>
    await slots.acquire(key).catch((error: unknown) => [(error as Error).message, error]);
  expect(await messageOf('b')).toEqual([
    'Too many PKCS#12 files of this client are waiting. Try again in 5 s.',
    expect.objectContaining({ code: 'errors.unavailable', retryAfterSeconds: 5 }),
  ]);
  expect(await messageOf('c')).toMatchObject([
    'Too many PKCS#12 files of all clients are waiting. Try again in 5 s.',
    {},
  ]);
  for (const result of await waiting) {
    expect(result).toMatchObject({
      reason: {
        message: 'Too many PKCS#12 files are waiting: this one was not served within 0.001 s. Try again in 5 s.',
      },
    });
  }
  expect(slots.refusals).toEqual({ client_limit: 1, overloaded: 1, waited_too_long: 2 });
});

test('the held slots are counted, and the largest number of one key', async () => {
  const slots = new FairSlots(LIMITS);
  ask(slots, 'a', 3);
  ask(slots, 'b', 2);
  await settled();
  expect([slots.heldCount, slots.largestHeldCount]).toEqual([5, 3]);
});

test('a slot is awaited by its own key, and without free slots by keys below their share', async () => {
  const slots = new FairSlots({ ...LIMITS, slots: 3, share: 2, reserved: 1 });
  ask(slots, 'a', 2);
  expect(slots.isAwaited('a')).toBe(false);
  ask(slots, 'a', 1);
  expect([slots.isAwaited('a'), slots.isAwaited('b')]).toEqual([true, false]);
  ask(slots, 'b', 1);
  // All slots are held, and only `a` waits, which has its share.
  expect([slots.heldCount, slots.isAwaited('b')]).toEqual([3, false]);
  ask(slots, 'c', 1);
  await settled();
  expect([slots.isAwaited('a'), slots.isAwaited('b')]).toEqual([true, true]);
});

/** What would become of a job of this key now. */
function outcomeOf(slots: FairSlots, key: string): string {
  const { client_limit: before } = slots.refusals;
  try {
    slots.requireRoom(key);
    return 'waits';
  } catch {
    return slots.refusals.client_limit > before ? 'client_limit' : 'overloaded';
  }
}

describe('a job that would probably wait for too long is refused at once', () => {
  const limits = { ...LIMITS, maxExpectedWaitMs: 1_000 };
  let now = 0;

  /** Slots that are all held by other keys, after jobs that took this long. */
  async function busySlots(durationMs: number, change: Partial<FairSlotsLimits> = {}) {
    now = 0;
    const slots = new FairSlots({ ...limits, ...change }, 'requests', 1, () => now);
    for (let count = 0; count < 200; count += 1) {
      const release = await slots.acquire('earlier');
      now += durationMs;
      release();
    }
    const asked = Array.from({ length: 10 }, (_, index) => ask(slots, `busy-${index}`, 1));
    await settled();
    return { slots, held: asked.flat() };
  }

  test.each([
    { durationMs: 10, waiting: 49, expected: 'waits' },
    { durationMs: 100, waiting: 7, expected: 'waits' },
    { durationMs: 400, waiting: 1, expected: 'waits' },
    { durationMs: 100, waiting: 80, expected: 'client_limit' },
    { durationMs: 1_200, waiting: 7, expected: 'client_limit' },
  ])('$waiting of the key wait for jobs of $durationMs ms: $expected', async ({ durationMs, waiting, expected }) => {
    const { slots } = await busySlots(durationMs);
    ask(slots, 'a', waiting);
    await settled();
    expect(outcomeOf(slots, 'a')).toBe(expected);
  });

  test('9 a burst is not refused because each job takes long, unless the last one would wait in vain', async () => {
    const burst = { burst: 100, maxWaiting: 200, maxWaitingPerKey: 200, waitMs: 5_000 };
    const { slots } = await busySlots(100, burst);
    ask(slots, 'a', 99);
    await settled();
    expect(outcomeOf(slots, 'a')).toBe('waits');
    ask(slots, 'a', 1);
    await settled();
    expect(outcomeOf(slots, 'a')).toBe('client_limit');
    const { slots: slow } = await busySlots(20_000, burst);
    ask(slow, 'a', 2);
    await settled();
    expect(outcomeOf(slow, 'a')).toBe('client_limit');
  });

  test('those that come first without having arrived yet count as if they waited', async () => {
    const { slots } = await busySlots(100);
    expect(() => slots.requireRoom('a')).not.toThrow();
    expect(() => slots.requireRoom('a', 7)).not.toThrow();
    expect(() => slots.requireRoom('a', 80)).toThrow('of this client');
    expect(slots.refusals).toMatchObject({ client_limit: 1, overloaded: 0 });
  });

  test('a key of which nothing waits may wait for slow jobs of others, unless it would wait in vain', async () => {
    const { slots } = await busySlots(6_000);
    ask(slots, 'flood', 1);
    await settled();
    expect(outcomeOf(slots, 'flood')).toBe('client_limit');
    expect(outcomeOf(slots, 'other')).toBe('waits');
  });

  test('many keys that wait a little are too many together', async () => {
    const { slots } = await busySlots(200);
    for (let key = 0; key < 60; key += 1) ask(slots, `waiting-${key}`, 1);
    await settled();
    expect(outcomeOf(slots, 'waiting-1')).toBe('overloaded');
  });

  test('however much one key asks for, the next job of another one waits', async () => {
    const { slots } = await busySlots(300);
    ask(slots, 'flood', 100);
    await settled();
    expect(outcomeOf(slots, 'flood')).toBe('client_limit');
    expect(slots.waitingCount).toBeLessThan(50);
    expect(outcomeOf(slots, 'other')).toBe('waits');
  });

  test('when no job ends any more, few may wait; when they end again, as many as before', async () => {
    const { slots, held } = await busySlots(1);
    const granted = ask(slots, 'a', 8);
    await settled();
    expect(outcomeOf(slots, 'a')).toBe('waits');
    now += 2_000;
    expect(outcomeOf(slots, 'a')).toBe('client_limit');
    for (const release of held) release();
    await settled();
    for (let count = 0; count < 300; count += 1) {
      now += 1;
      (await slots.acquire('short'))();
    }
    expect(granted).toHaveLength(8);
    ask(slots, 'a', 20);
    await settled();
    expect(slots.waitingCount).toBeGreaterThan(5);
    expect(outcomeOf(slots, 'a')).toBe('waits');
  });
});
