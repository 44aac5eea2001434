import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { Clock } from '../../common/clock.js';
import { LeaderWork } from '../../database/leader-work.js';
import { Leader } from '../../database/leader.js';
import { Metrics } from '../../http/metrics.js';
import { SourceFetches } from './source-fetches.js';
import { COUNT_ANSWERS, FIND_DUE, MAX_REMOVED, READ_OLDEST_DUE, REMOVE_UNUSED } from './source-fetches.queries.js';

const PAUSE_MS = 60_000;

/** What reads the whole table. */
const CLEANING_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** An answer that no check has asked for since is not refreshed, and then removed. */
const USED_MS = 30 * DAY_MS;

type Due = Awaited<ReturnType<typeof FIND_DUE.all>>[number];

/**
 * Replaces answers before they end, so that checks find current ones: the leader does it, a bounded number in each run,
 * and of each client the same number at most.
 */
@Injectable()
export class AnswerRefresh implements OnApplicationBootstrap, OnModuleDestroy {
  private end: () => Promise<void> = () => Promise.resolve();
  private stored = 0;
  private oldestDue: Date | null = null;
  private cleanAgainAt: Date | undefined;

  constructor(
    private readonly work: LeaderWork,
    private readonly leader: Leader,
    private readonly clock: Clock,
    private readonly fetches: SourceFetches,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    this.metrics.showRevocation({
      outcomes: this.fetches.outcomes,
      queues: this.fetches.queues,
      stored: () => this.stored,
      oldestDueSeconds: () => this.oldestDueSeconds(),
    });
    this.end = this.work.every(
      { pauseMs: PAUSE_MS, failure: 'revocation answers could not be refreshed' },
      async (ending) => await this.run(ending),
    );
  }

  async onModuleDestroy(): Promise<void> {
    await this.end();
  }

  async run(ending: AbortSignal = new AbortController().signal): Promise<void> {
    if (!(await this.leader.leads())) {
      this.stored = 0;
      this.oldestDue = null;
      this.cleanAgainAt = undefined;
      return;
    }
    const now = this.clock.now();
    const usedAfter = new Date(now.getTime() - USED_MS);
    if (this.cleanAgainAt === undefined || now >= this.cleanAgainAt) {
      await this.removeUnused(usedAfter, ending);
      this.cleanAgainAt = new Date(now.getTime() + CLEANING_MS);
    }
    const due = await FIND_DUE.all(this.leader, { now, usedAfter });
    // Each client's one after another, so that they take only one of its slots.
    const byClient = Object.values(Object.groupBy(due, ({ clientExtId }) => clientExtId));
    const done = await Promise.allSettled(
      byClient.map(async (answers) => await this.refreshAll(answers ?? [], ending)),
    );
    for (const result of done) if (result.status === 'rejected') throw result.reason;
    this.oldestDue = (await READ_OLDEST_DUE.first(this.leader, {}))?.oldestDue ?? null;
  }

  private async removeUnused(usedAfter: Date, ending: AbortSignal): Promise<void> {
    for (let removed = MAX_REMOVED; removed === MAX_REMOVED && !ending.aborted;) {
      removed = await this.leader.transaction('', async (runner) => {
        return (await REMOVE_UNUSED.first(runner, { usedAfter }))?.removed ?? 0;
      });
    }
    this.stored = (await COUNT_ANSWERS.first(this.leader, {}))?.stored ?? 0;
  }

  private async refreshAll(answers: readonly Due[], ending: AbortSignal): Promise<void> {
    for (const { clientExtId, issuerKeySha256, sourceSha256, kind, url, request } of answers) {
      if (ending.aborted) return;
      const source = { source: { kind, url }, issuerKeySha256, sourceSha256, request };
      await this.fetches.refresh(clientExtId, source);
    }
  }

  private oldestDueSeconds(): number {
    const { oldestDue } = this;
    return oldestDue === null ? 0 : Math.max(0, (this.clock.now().getTime() - oldestDue.getTime()) / 1000);
  }
}
