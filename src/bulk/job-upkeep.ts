import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { Clock } from '../common/clock.js';
import { inBatches } from '../database/batches.js';
import { LeaderWork } from '../database/leader-work.js';
import { Leader } from '../database/leader.js';
import { CLOSE_LOAD, FIND_JOBS_TO_REMOVE, MAX_REMOVED, REMOVE_JOB, REMOVE_ROWS_OF_JOB } from './job.queries.js';

const PAUSE_MS = 30_000;

/** After its end. */
const KEPT_MS = 30 * 86_400_000;

/** After the last rows of a load whose request has ended without it. */
const ABANDONED_MS = 60_000;

interface Load {
  readonly ofClientExtId: string;
  readonly id: string;
  readonly endedBefore: Date;
  readonly loadedBefore: Date;
}

/** Removes jobs that ended long ago, and loads that nobody continues; the leader does it, in bounded steps. */
@Injectable()
export class JobUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private end: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly work: LeaderWork,
    private readonly leader: Leader,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.end = this.work.every(
      { pauseMs: PAUSE_MS, failure: 'old jobs could not be removed' },
      async (ending) => await this.run(ending),
    );
  }

  async onModuleDestroy(): Promise<void> {
    await this.end();
  }

  async run(ending: AbortSignal = new AbortController().signal): Promise<void> {
    if (!(await this.leader.leads())) return;
    const now = this.clock.now().getTime();
    const limits = { endedBefore: new Date(now - KEPT_MS), loadedBefore: new Date(now - ABANDONED_MS) };
    for (;;) {
      const found = await FIND_JOBS_TO_REMOVE.all(this.leader, limits);
      if (found.length === 0) return;
      for (const { clientExtId, id, status } of found) {
        const job = { ofClientExtId: clientExtId, id };
        if (status === 'loading' && !(await this.close({ ...job, ...limits }))) continue;
        await inBatches(this.leader, MAX_REMOVED, ending, async (runner) => {
          return (await REMOVE_ROWS_OF_JOB.first(runner, job))?.removed;
        });
        if (ending.aborted) return;
        await this.leader.transaction('', async (runner) => await REMOVE_JOB.all(runner, job));
      }
    }
  }

  private async close({ endedBefore, ...job }: Load): Promise<boolean> {
    const closed = { ...job, ended: new Date(endedBefore.getTime() - 1) };
    return (await this.leader.transaction('', async (runner) => await CLOSE_LOAD.first(runner, closed))) !== undefined;
  }
}
