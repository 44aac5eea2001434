import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';

import type { Clock } from '../common/clock.js';
import type { Scheduler } from '../common/scheduler.js';
import type { FetchedKeys } from './fetched-keys.js';

const PAUSE_MS = 5_000;

/**
 * Fetches the key set when the server starts, and again every few seconds until it is there: until then no caller can
 * be authenticated, and the server is not ready.
 */
export class FirstKeys implements OnApplicationBootstrap, OnModuleDestroy {
  private end: () => Promise<void> = () => Promise.resolve();

  /** `keys` is undefined where the operator has given the key. */
  constructor(
    private readonly keys: FetchedKeys | undefined,
    private readonly scheduler: Scheduler,
    private readonly clock: Clock,
  ) {}

  /** Undefined where there is nothing to be fetched. */
  get areThere(): boolean | undefined {
    return this.keys?.wereFetched;
  }

  onApplicationBootstrap(): void {
    const { keys, clock } = this;
    if (keys === undefined) return;
    // Not waited for: an issuer that does not answer must not hold up the start.
    this.end = this.scheduler.every(PAUSE_MS, async () => await keys.fetchFirst(clock.now()), 0);
  }

  async onModuleDestroy(): Promise<void> {
    await this.end();
  }
}
