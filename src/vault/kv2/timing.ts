import { setTimeout } from 'node:timers/promises';

/** Chance and waiting, which tests replace. */
export abstract class Timing {
  /** From 0 to below 1. */
  abstract random(): number;
  /** Ends early, without an error, when `signal` does. */
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
