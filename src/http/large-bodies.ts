import { setImmediate } from 'node:timers/promises';

import { FairSlots, type FairSlotsLimits } from '../common/fair-slots.js';

/** Up to here a body is read faster than it would wait. */
const LARGE_BYTES = 64 * 1024;

/** Each keeps up to two MiB in memory; whoever waits longer than this is refused. */
const LIMITS: FairSlotsLimits = {
  slots: 1,
  share: 1,
  reserved: 0,
  maxWaiting: 100,
  maxWaitingPerKey: 50,
  waitMs: 10_000,
};

/**
 * Parsing two MiB takes tens of milliseconds, in which nothing else runs. Large bodies are parsed one at a time, the
 * clients in turn, and between two of them everybody else is served.
 */
export class LargeBodies {
  private readonly slots: FairSlots;

  constructor(limits: Partial<FairSlotsLimits> = {}) {
    this.slots = new FairSlots({ ...LIMITS, ...limits });
  }

  /**
   * Answers what `parse` does. It is not called for a sender that has left meanwhile, whose place is free at once.
   *
   * @throws AppError `errors.unavailable`, where too many wait; what `gone` answers, where the sender has left
   */
  async parse<Value>(
    sender: { readonly clientExtId: string; readonly bytes: number; readonly hasLeft: () => boolean },
    parse: () => Value,
    gone: () => Error,
  ): Promise<Value> {
    if (sender.bytes <= LARGE_BYTES) return parse();
    const giveBack = await this.slots.acquire(sender.clientExtId);
    try {
      if (sender.hasLeft()) throw gone();
      await setImmediate();
      return parse();
    } finally {
      giveBack();
    }
  }
}
