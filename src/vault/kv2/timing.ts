import { setTimeout } from 'node:timers/promises';

/** Randomness and waiting, which tests replace. */
export abstract class Timing {
  /** At least 0 and less than 1. */
  abstract random(): number;
  /** Returns early, without an error, when `signal` is aborted. */
  abstract wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export class SystemTiming extends Timing {
  override random(): number {
    return Math.random();
  }

  override async wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
  }
}
