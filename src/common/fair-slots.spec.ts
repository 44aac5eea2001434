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

/** Asks `count` times for a slot; `granted` fills as they are given. */
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

test('a key that is alone gets all but the reserved slots', async () => {
  const slots = new FairSlots(LIMITS);
  const granted = ask(slots, 'a', 30);
  await settled();
  expect([granted.length, slots.waitingCount]).toEqual([8, 22]);
});

test('whoever comes beside a key that holds more than its share is served at once', async () => {
  const slots = new FairSlots(LIMITS);
  ask(slots, 'a', 50);
  const other = ask(slots, 'b', 1);
  await settled();
  expect(other).toHaveLength(1);
});

test('while others wait, a key gets no more than its share back', async () => {
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

test.each([2, 3, 7])('with %i keys that flood, another one waits for one round at the most', async (floods) => {
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

test('every slot that is given back can be taken again', async () => {
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

test('beyond what may wait, a key is refused by itself, and another one is not', async () => {
  const slots = new FairSlots({ ...LIMITS, maxWaitingPerKey: 3 });
  ask(slots, 'a', 11);
  await expect(slots.acquire('a')).rejects.toMatchObject({ code: 'errors.unavailable', retryAfterSeconds: 1 });
  expect(await slots.acquire('b')).toBeTypeOf('function');
});

test('beyond what may wait in all, everybody is refused', async () => {
  const slots = new FairSlots({ ...LIMITS, slots: 1, share: 1, reserved: 0, maxWaiting: 2 });
  ask(slots, 'a', 2);
  ask(slots, 'b', 1);
  await expect(slots.acquire('c')).rejects.toThrow('The server is overloaded.');
});

test('whoever waits too long is refused, and holds nothing up', async () => {
  const slots = new FairSlots({ ...LIMITS, slots: 1, share: 1, reserved: 0, waitMs: 1 });
  const release = await slots.acquire('a');
  await expect(slots.acquire('b')).rejects.toThrow('waited too long');
  expect(slots.waitingCount).toBe(0);
  release();
  expect(await slots.acquire('c')).toBeTypeOf('function');
});

describe('a caller that leaves', () => {
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

  test('makes room for another one where no more may wait', async () => {
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

  test('gets no slot where it had left before it asked', async () => {
    const slots = new FairSlots(ONE);
    await expect(slots.acquire('a', AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(await slots.acquire('a')).toBeTypeOf('function');
  });

  test('has the slot to give back where its turn came first', async () => {
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
