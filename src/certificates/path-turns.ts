import { setImmediate } from 'node:timers/promises';

import { FairSlots } from '../common/fair-slots.js';

/** One search at a time, so that a client whose sets make them costly delays its own requests before those of others. */
const TURNS = { slots: 1, share: 1, reserved: 0, maxWaiting: 1_000, maxWaitingPerKey: 200, waitMs: 15_000 } as const;

/**
 * Milliseconds of searches, after which whatever else waits is served. Most searches take a tenth of one: to wait after each
 * of them would cost more than the search.
 */
const MAX_UNINTERRUPTED_MS = 1;

/** The turns of clients in which paths are searched for and evidence is evaluated: work that nothing interrupts. */
export class PathTurns {
  readonly queue = new FairSlots(TURNS, 'path validations');
  private uninterruptedMs = 0;

  constructor(
    /** Milliseconds, monotonic. */
    private readonly monotonic: () => number = () => performance.now(),
  ) {}

  /** @throws errors of `FairSlots.acquire` and of `work` */
  async run<Result>(clientExtId: string, signal: AbortSignal | undefined, work: () => Result): Promise<Result> {
    return await this.queue.run(clientExtId, signal, async () => {
      const begun = this.monotonic();
      const result = work();
      this.uninterruptedMs += this.monotonic() - begun;
      if (this.uninterruptedMs >= MAX_UNINTERRUPTED_MS) {
        await setImmediate();
        this.uninterruptedMs = 0;
      }
      return result;
    });
  }
}
