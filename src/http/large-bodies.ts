import { setImmediate } from 'node:timers/promises';

import { type AppError, appError } from '../common/errors.js';
import { FairSlots, type FairSlotsLimits } from '../common/fair-slots.js';

/** Up to here a body is read faster than it would wait. */
export const LARGE_BYTES = 64 * 1024;

/** Of a large body: what it is read under is taken from others. */
export const READING_MS = 10_000;

/**
 * Each body keeps up to two MiB in memory, and one that waits no more than what is not large. Several, since a sender
 * may be slow.
 */
const READING: FairSlotsLimits = {
  slots: 8,
  share: 4,
  reserved: 2,
  maxWaiting: 100,
  maxWaitingPerKey: 50,
  waitMs: 10_000,
};

/** Whoever has a slot for reading may wait for this one. */
const LIMITS: FairSlotsLimits = {
  slots: 1,
  share: 1,
  reserved: 0,
  maxWaiting: 100,
  maxWaitingPerKey: 50,
  waitMs: 10_000,
};

/** Large bodies are parsed one at a time, the clients in turn, and between two of them everybody else is served. */
export class LargeBodies {
  readonly reading = new FairSlots(READING, 'large bodies');
  private readonly slots: FairSlots;

  constructor(limits: Partial<FairSlotsLimits> = {}) {
    this.slots = new FairSlots({ ...LIMITS, ...limits }, 'large bodies');
  }

  /**
   * Waits for the turn of a body to be read beyond what is not large; answers what ends it.
   *
   * @throws AppError `errors.unavailable`, where too many wait; the signal's reason, where the sender has left
   */
  async beginReading(clientExtId: string, signal: AbortSignal): Promise<() => void> {
    return await this.reading.acquire(clientExtId, signal);
  }

  /**
   * Answers what `parse` does. It is not called for a sender that has left meanwhile, whose place is free at once.
   *
   * @throws AppError `errors.unavailable`, where too many wait; what `gone` answers, where the sender has left
   */
  async parse<Value>(
    sender: { readonly clientExtId: string; readonly hasLeft: () => boolean },
    parse: () => Promise<Value>,
    gone: () => Error,
  ): Promise<Value> {
    const giveBack = await this.slots.acquire(sender.clientExtId);
    try {
      if (sender.hasLeft()) throw gone();
      await setImmediate();
      return await parse();
    } finally {
      giveBack();
    }
  }
}

export function tooSlow(): AppError {
  return appError(
    { code: 'errors.unavailable', message: `The body took more than ${READING_MS / 1000} s to arrive.` },
    { retryAfterSeconds: 1 },
  );
}
