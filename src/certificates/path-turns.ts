import { setImmediate } from 'node:timers/promises';

import { FairSlots } from '../common/fair-slots.js';

/** One search at a time, so that a client whose sets make them costly delays its own requests before those of others. */
const TURNS = { slots: 1, share: 1, reserved: 0, maxWaiting: 1_000, maxWaitingPerKey: 200, waitMs: 15_000 } as const;

/** The turns of clients in which paths are searched for and evidence is evaluated: work that nothing interrupts. */
export class PathTurns {
  readonly queue = new FairSlots(TURNS, 'path validations');

  /** @throws errors of `FairSlots.acquire` and of `work` */
  async run<Result>(clientExtId: string, signal: AbortSignal | undefined, work: () => Result): Promise<Result> {
    return await this.queue.run(clientExtId, signal, async () => {
      const result = work();
      // Requests that wait are served between two turns.
      await setImmediate();
      return result;
    });
  }
}
