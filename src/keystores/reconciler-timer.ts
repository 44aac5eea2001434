import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { type Settings, SETTINGS } from '../config/settings.js';
import { LeaderWork } from '../database/leader-work.js';
import { Reconciler } from './reconciler.service.js';

/** Runs the reconciler while the server runs. */
@Injectable()
export class ReconcilerTimer implements OnApplicationBootstrap, OnModuleDestroy {
  private end: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly work: LeaderWork,
    private readonly reconciler: Reconciler,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    const pauseMs = this.settings.reconcileSeconds * 1000;
    this.end = this.work.every({ pauseMs, failure: 'key stores could not be reconciled' }, async () => {
      await this.reconciler.reconcile();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.end();
  }
}
