import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { Clock } from '../../common/clock.js';
import { inBatches } from '../../database/batches.js';
import { LeaderWork } from '../../database/leader-work.js';
import { Leader } from '../../database/leader.js';
import {
  FIND_FULL_CLIENTS,
  MAX_REMOVED,
  REMOVE_EXCESS_REFUSALS,
  REMOVE_OLD_REFUSALS,
} from './login-refusal.queries.js';
import { KEPT_MS } from './login-refusals.js';

const PAUSE_MS = 3_600_000;

/** Of a client (contract 15.4). */
export const MAX_REFUSALS = 100_000;

/** Removes the explanations of refused logins that are too old or too many (contract 15.4); the leader does it. */
@Injectable()
export class LoginRefusalUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private end: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly work: LeaderWork,
    private readonly leader: Leader,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.end = this.work.every(
      { pauseMs: PAUSE_MS, failure: 'old explanations of refused logins could not be removed' },
      async (ending) => await this.run(ending),
    );
  }

  async onModuleDestroy(): Promise<void> {
    await this.end();
  }

  async run(ending: AbortSignal = new AbortController().signal, kept = MAX_REFUSALS): Promise<void> {
    if (!(await this.leader.leads())) return;
    const before = new Date(this.clock.now().getTime() - KEPT_MS);
    await inBatches(this.leader, MAX_REMOVED, ending, async (runner) => {
      return (await REMOVE_OLD_REFUSALS.first(runner, { before }))?.removed;
    });
    for (const { clientExtId } of await FIND_FULL_CLIENTS.all(this.leader, { kept })) {
      const parameters = { ofClientExtId: clientExtId, kept };
      await inBatches(this.leader, MAX_REMOVED, ending, async (runner) => {
        return (await REMOVE_EXCESS_REFUSALS.first(runner, parameters))?.removed;
      });
    }
  }
}
