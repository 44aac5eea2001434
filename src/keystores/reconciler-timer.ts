import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../common/logger.token.js';
import { Scheduler } from '../common/scheduler.js';
import { type Settings, SETTINGS } from '../config/settings.js';
import { NotLeaderError } from '../database/leader.js';
import { Reconciler } from './reconciler.service.js';

/** Runs the reconciler while the server runs. */
@Injectable()
export class ReconcilerTimer implements OnApplicationBootstrap, OnModuleDestroy {
  private end: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly scheduler: Scheduler,
    private readonly reconciler: Reconciler,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.end = this.scheduler.every(this.settings.reconcileSeconds * 1000, async () => {
      try {
        await this.reconciler.reconcile();
      } catch (error) {
        if (error instanceof NotLeaderError) return;
        this.logger.error({ err: error }, 'key stores could not be reconciled');
      }
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.end();
  }
}
