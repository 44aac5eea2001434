import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { type Settings, SETTINGS } from '../config/settings.js';
import { LeaderWork } from '../database/leader-work.js';
import { Metrics } from '../http/metrics.js';
import { Reconciler } from './reconciler.service.js';

/** Runs the reconciler while the server runs. */
@Injectable()
export class ReconcilerTimer implements OnApplicationBootstrap, OnModuleDestroy {
  private end: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly work: LeaderWork,
    private readonly reconciler: Reconciler,
    @Inject(SETTINGS) private readonly settings: Settings,
    metrics: Metrics,
  ) {
    const help =
      'Operations on key stores that had not ended when the reconciler last ran, those in progress included; 0 if this server does not lead.';
    const shown = { name: 'certkeep_key_store_claims_open', help, largest: true } as const;
    metrics.showGauge(shown, () => reconciler.openClaims);
  }

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
