import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { Clock } from '../../common/clock.js';
import { inBatches } from '../../database/batches.js';
import { BackgroundDatabase } from '../../database/database.js';
import { LeaderWork } from '../../database/leader-work.js';
import { Leader } from '../../database/leader.js';
import {
  FIND_UNNUMBERED,
  MAX_NUMBERED,
  MAX_REMOVED,
  NUMBER_DENIALS,
  REMOVE_OLD_DENIALS,
} from './denial-feed.queries.js';

const PAUSE_MS = 100;

/** A server that does not lead asks only in every so many runs whether it could: a lease lasts much longer. */
const RUNS_BETWEEN_ASKING = 10;

const UPKEEP_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Contract 15.8. */
const KEPT_MS = 7 * DAY_MS;

/** The work of the leader on denials (contract 15.8): numbers those that are committed, and removes old ones. */
@Injectable()
export class DenialNumbering implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly ends: (() => Promise<void>)[] = [];
  private runsToSkip = 0;
  /** The oldest denial that the last run found without a number. */
  private oldest: Date | undefined;
  /** When that run had numbered it. */
  private numberedAt: Date | undefined;

  constructor(
    private readonly work: LeaderWork,
    private readonly database: BackgroundDatabase,
    private readonly leader: Leader,
    private readonly clock: Clock,
  ) {}

  /**
   * How old the oldest denial without a number is, or was when the last run numbered it; 0 if there was none. It grows while
   * a run does not end, and at every server while none numbers.
   */
  get lagSeconds(): number {
    if (this.oldest === undefined) return 0;
    const until = this.numberedAt ?? this.clock.now();
    return Math.max(0, (until.getTime() - this.oldest.getTime()) / 1000);
  }

  onApplicationBootstrap(): void {
    this.ends.push(
      this.work.every(
        { pauseMs: PAUSE_MS, failure: 'denials could not be numbered' },
        async (ending) => await this.number(ending),
      ),
      this.work.every(
        { pauseMs: UPKEEP_MS, failure: 'old denials could not be removed' },
        async (ending) => await this.removeOld(ending),
      ),
    );
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.ends.map(async (end) => await end()));
  }

  async number(ending: AbortSignal = new AbortController().signal): Promise<void> {
    if (this.runsToSkip > 0) {
      this.runsToSkip -= 1;
      return;
    }
    if (!(await this.leader.leads())) {
      this.runsToSkip = RUNS_BETWEEN_ASKING;
      await this.findOldest();
      return;
    }
    // Mostly there is none, and no transaction is needed to find that out.
    if ((await this.findOldest()) === undefined) return;
    await inBatches(this.leader, MAX_NUMBERED, ending, async (runner) => {
      return (await NUMBER_DENIALS.first(runner, {}))?.numbered;
    });
    this.numberedAt = this.clock.now();
  }

  private async findOldest(): Promise<Date | undefined> {
    this.oldest = (await FIND_UNNUMBERED.first(this.database, {}))?.at;
    this.numberedAt = undefined;
    return this.oldest;
  }

  async removeOld(ending: AbortSignal = new AbortController().signal): Promise<void> {
    if (!(await this.leader.leads())) return;
    const before = new Date(this.clock.now().getTime() - KEPT_MS);
    await inBatches(this.leader, MAX_REMOVED, ending, async (runner) => {
      return (await REMOVE_OLD_DENIALS.first(runner, { before }))?.removed;
    });
  }
}
