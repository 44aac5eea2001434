import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { Clock } from '../../common/clock.js';
import { LeaderWork } from '../../database/leader-work.js';
import { Leader } from '../../database/leader.js';
import { Metrics } from '../../http/metrics.js';
import { SourceFetches } from './source-fetches.js';
import { FIND_DUE, READ_STATE_OF_ANSWERS, REMOVE_UNUSED } from './source-fetches.queries.js';

const PAUSE_MS = 60_000;
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
  private state = { stored: 0, oldestDue: null as Date | null };

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
      stored: () => this.state.stored,
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
      this.state = { stored: 0, oldestDue: null };
      return;
    }
    const now = this.clock.now();
    const usedAfter = new Date(now.getTime() - USED_MS);
    await this.leader.transaction('', async (runner) => await REMOVE_UNUSED.first(runner, { usedAfter }));
    const due = await FIND_DUE.all(this.leader, { now, usedAfter });
    // Each client's one after another, so that they take only one of its slots.
    const byClient = Object.values(Object.groupBy(due, ({ clientExtId }) => clientExtId));
    await Promise.all(byClient.map(async (answers) => await this.refreshAll(answers ?? [], ending)));
    this.state = (await READ_STATE_OF_ANSWERS.first(this.leader, { usedAfter })) ?? this.state;
  }

  private async refreshAll(answers: readonly Due[], ending: AbortSignal): Promise<void> {
    for (const { clientExtId, issuerKeySha256, sourceSha256, kind, url, request } of answers) {
      if (ending.aborted) return;
      const source = { source: { kind, url }, issuerKeySha256, sourceSha256, request };
      await this.fetches.refresh(clientExtId, source);
    }
  }

  private oldestDueSeconds(): number {
    const { oldestDue } = this.state;
    return oldestDue === null ? 0 : Math.max(0, (this.clock.now().getTime() - oldestDue.getTime()) / 1000);
  }
}
