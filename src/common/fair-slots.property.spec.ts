import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { FairSlots, type FairSlotsLimits } from './fair-slots.js';

// Jobs are submitted, released, aborted and timed out in any order.

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const FLOODS = ['a', 'b', 'c'] as const;
const OTHER = 'other';
const WAIT_MS = 1_000;

type Step =
  | { readonly kind: 'submit'; readonly key: (typeof FLOODS)[number]; readonly count: number }
  | { readonly kind: 'submitOther' }
  /** `index`: among the jobs that hold a slot or wait, modulo their number. */
  | { readonly kind: 'giveBack'; readonly index: number; readonly twice: boolean }
  | { readonly kind: 'leave'; readonly index: number }
  | { readonly kind: 'time'; readonly milliseconds: number };

const index = fc.nat(50);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('submit' as const),
      key: fc.constantFrom(...FLOODS),
      count: fc.integer({ min: 1, max: 6 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: 'submitOther' }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('giveBack' as const), index, twice: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave' as const), index }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('time' as const), milliseconds: fc.nat(WAIT_MS) }),
  },
);

const limits: fc.Arbitrary<FairSlotsLimits> = fc.integer({ min: 1, max: 5 }).chain((slots) =>
  fc.record({
    slots: fc.constant(slots),
    share: fc.integer({ min: 1, max: slots }),
    reserved: fc.nat(slots - 1),
    maxWaiting: fc.integer({ min: 5, max: 40 }),
    maxWaitingPerKey: fc.integer({ min: 1, max: 12 }),
    waitMs: fc.constant(WAIT_MS),
  }),
);

interface Job {
  readonly key: string;
  readonly caller: AbortController;
  state: 'waiting' | 'held' | 'over';
  release: () => void;
  /** The number of jobs of each other key that began since this one was submitted. */
  readonly begunByOthers: Map<string, number>;
}

/** Executes steps, and records them. */
class Run {
  readonly jobs: Job[] = [];

  constructor(readonly slots: FairSlots) {}

  having(state: Job['state'], key?: string): Job[] {
    return this.jobs.filter((job) => job.state === state && (key === undefined || job.key === key));
  }

  async take(one: Step): Promise<void> {
    if (one.kind === 'submit') for (let count = 0; count < one.count; count += 1) this.submit(one.key);
    // One job at a time: the key holds no slot when the next is submitted.
    else if (one.kind === 'submitOther') {
      if (this.having('waiting', OTHER).length + this.having('held', OTHER).length === 0) this.submit(OTHER);
    } else if (one.kind === 'giveBack') this.giveBack(pick(this.having('held'), one.index), one.twice);
    else if (one.kind === 'leave') pick(this.having('waiting'), one.index)?.caller.abort(new Error('gone'));
    else vi.advanceTimersByTime(one.milliseconds);
    await new Promise((resolve) => setImmediate(resolve));
  }

  private giveBack(job: Job | undefined, twice: boolean): void {
    if (job === undefined) return;
    job.state = 'over';
    job.release();
    if (twice) job.release();
  }

  private submit(key: string): void {
    const job: Job = {
      key,
      caller: new AbortController(),
      state: 'waiting',
      release: () => undefined,
      begunByOthers: new Map(),
    };
    this.jobs.push(job);
    void this.slots.acquire(key, job.caller.signal).then(
      (release) => {
        Object.assign(job, { state: 'held', release });
        for (const { begunByOthers } of this.having('waiting')) {
          begunByOthers.set(key, (begunByOthers.get(key) ?? 0) + 1);
        }
      },
      () => (job.state = 'over'),
    );
  }
}

function pick<Item>(items: readonly Item[], position: number): Item | undefined {
  return items[position % Math.max(1, items.length)];
}

test('before the next job of a key, every other key begins at most one', async () => {
  await fc.assert(
    fc.asyncProperty(limits, fc.array(step, { maxLength: 60 }), async (chosen, steps) => {
      const run = new Run(new FairSlots(chosen));
      for (const one of steps) {
        await run.take(one);
        for (const { begunByOthers } of run.jobs.filter(({ key }) => key === OTHER)) {
          expect(Math.max(0, ...begunByOthers.values())).toBeLessThanOrEqual(1);
        }
      }
    }),
  );
});

test('the number of slots is constant, no key waits for a free slot within its share, and at the end all are free', async () => {
  await fc.assert(
    fc.asyncProperty(limits, fc.array(step, { maxLength: 60 }), async (chosen, steps) => {
      const slots = new FairSlots(chosen);
      const run = new Run(slots);
      for (const one of steps) {
        await run.take(one);
        const held = run.having('held').length;
        expect([slots.heldCount, slots.waitingCount]).toEqual([held, run.having('waiting').length]);
        expect(held).toBeLessThanOrEqual(chosen.slots);
        const entitled = run.having('waiting').filter(({ key }) => run.having('held', key).length < chosen.share);
        expect(entitled.length > 0 && held < chosen.slots).toBe(false);
      }
      while (run.having('held').length > 0) await run.take({ kind: 'giveBack', index: 0, twice: true });
      expect([slots.heldCount, slots.waitingCount, slots.largestHeldCount]).toEqual([0, 0, 0]);
      const again = Array.from({ length: chosen.slots }, async (_, number) => await slots.acquire(`new ${number}`));
      expect((await Promise.all(again)).length).toBe(slots.heldCount);
    }),
  );
});
