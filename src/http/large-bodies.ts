import { setImmediate } from 'node:timers/promises';

import { type AppError, appError } from '../common/errors.js';
import { FairSlots, type FairSlotsLimits } from '../common/fair-slots.js';

/** Up to this size in bytes, reading a body is faster than queueing for a slot. */
export const LARGE_BYTES = 64 * 1024;

/** Time limit for reading a large body, because it occupies a slot that others wait for. */
export const READING_MS = 10_000;

/**
 * Each body uses up to 2 MiB of memory, and a waiting one up to LARGE_BYTES. There are several slots, because a sender
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

/** A body that has a slot for reading may wait for this one. */
const LIMITS: FairSlotsLimits = {
  slots: 1,
  share: 1,
  reserved: 0,
  maxWaiting: 100,
  maxWaitingPerKey: 50,
  waitMs: 10_000,
};

/** Large bodies are parsed one at a time, the clients in turn. Other requests are served between two of them. */
export class LargeBodies {
  readonly reading = new FairSlots(READING, 'large bodies');
  private readonly slots: FairSlots;

  constructor(limits: Partial<FairSlotsLimits> = {}) {
    this.slots = new FairSlots({ ...LIMITS, ...limits }, 'large bodies');
  }

  /**
   * Waits for a slot to read a body beyond LARGE_BYTES. Returns a function that releases the slot.
   *
   * @throws AppError `errors.unavailable`, if too many wait; the signal's reason if the sender has left
   */
  async beginReading(clientExtId: string, signal: AbortSignal): Promise<() => void> {
    return await this.reading.acquire(clientExtId, signal);
  }

  /**
   * Returns the result of `parse`. It is not called if the sender has left meanwhile; the slot is then free at once.
   *
   * @throws AppError `errors.unavailable`, if too many wait; the result of `gone` if the sender has left
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
