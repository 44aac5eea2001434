import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';

import type { Clock } from '../common/clock.js';
import type { Scheduler } from '../common/scheduler.js';
import type { FetchedKeys } from './fetched-keys.js';

const PAUSE_MS = 5_000;

/**
 * Fetches the key set when the server starts, and retries every few seconds until it succeeds. Until then no caller can
 * be authenticated, and the server is not ready.
 */
export class FirstKeys implements OnApplicationBootstrap, OnModuleDestroy {
  private end: () => Promise<void> = () => Promise.resolve();

  /** `keys` is undefined if the operator has configured the key. */
  constructor(
    private readonly keys: FetchedKeys | undefined,
    private readonly scheduler: Scheduler,
    private readonly clock: Clock,
  ) {}

  /** Undefined if nothing has to be fetched. */
  get areLoaded(): boolean | undefined {
    return this.keys?.hasKeys;
  }

  onApplicationBootstrap(): void {
    const { keys, clock } = this;
    if (keys === undefined) return;
    // Not awaited: an issuer that does not respond must not delay the start.
    this.end = this.scheduler.every(PAUSE_MS, async () => await keys.fetchFirst(clock.now()), 0);
  }

  async onModuleDestroy(): Promise<void> {
    await this.end();
  }
}
