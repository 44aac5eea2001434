import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

import { Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.token.js';
import { LeaderWork } from '../database/leader-work.js';
import { Leader } from '../database/leader.js';
import {
  dropUnpartitionedEvents,
  hasUnpartitionedEvents,
  type MovedUpTo,
  moveSomeEvents,
  NOTHING_MOVED,
  setDefaultAside,
} from './move-events.js';
import {
  changeTables,
  createPartition,
  isDefaultLarge,
  lockMaking,
  monthInDefault,
  type Month,
  monthOf,
  readAuditLogBytes,
  readMonths,
} from './partitions.js';
import { AuditRetention } from './retention.js';

const PAUSE_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;

/** Partitions that are made before their month begins. */
const MONTHS_AHEAD = 3;

const FAILURE = 'the partitions of the audit log could not be kept';

/** Keeps the partitions of the audit log; the leader does it, beside everything else. */
@Injectable()
export class AuditLogUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private end: () => Promise<void> = () => Promise.resolve();
  private measuredBytes = 0;

  constructor(
    private readonly work: LeaderWork,
    private readonly leader: Leader,
    private readonly clock: Clock,
    private readonly retention: AuditRetention,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Of the audit log, when it was last measured; 0 if another server is the leader. */
  get bytes(): number {
    return this.measuredBytes;
  }

  onApplicationBootstrap(): void {
    this.end = this.work.every(
      { pauseMs: PAUSE_MS, firstPauseMs: FIRST_PAUSE_MS, failure: FAILURE },
      async (ending) => await this.run(ending),
    );
  }

  /**
   * Makes the next partitions before the server takes its first request, so that a new database that is filled at once
   * does not fill the default partition.
   */
  async prepare(): Promise<void> {
    await this.work.once(FAILURE, async () => await this.makePartitions());
  }

  async onModuleDestroy(): Promise<void> {
    await this.end();
  }

  /** A month whose partition cannot be made does not keep others from being moved or dropped. */
  async run(ending: AbortSignal = new AbortController().signal): Promise<void> {
    const failures: unknown[] = [];
    this.measuredBytes = 0;
    const parts = [
      async () => await this.measure(),
      async () => await this.makePartitions(),
      async () => await this.emptyDefault(ending),
      async () => await this.moveEvents(ending),
      async () => await this.retention.run(ending),
    ];
    for (const part of parts) {
      if (ending.aborted || !(await this.leader.leads())) return;
      await part().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  private async measure(): Promise<void> {
    this.measuredBytes = await readAuditLogBytes(this.leader);
  }

  /** For this month and the next ones. */
  private async makePartitions(): Promise<void> {
    const now = this.clock.now();
    for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead += 1) await this.makePartition(monthOf(now, ahead));
  }

  /** For whatever month events have been written of without one. */
  private async emptyDefault(ending: AbortSignal): Promise<void> {
    while (!ending.aborted) {
      const month = await this.leader.transaction('', monthInDefault);
      if (month === undefined || !(await this.makePartition(month))) return;
    }
  }

  /** False where it has to wait until events have been moved. */
  private async makePartition(month: Month): Promise<boolean> {
    const outcome = await changeTables(this.leader, async (runner) => {
      await lockMaking(runner);
      const months = await readMonths(runner);
      if (months.some(({ table }) => table === month.table)) return 'exists';
      const isLarge = await isDefaultLarge(runner);
      if (isLarge && (await hasUnpartitionedEvents(runner))) return 'waits';
      if (isLarge) await setDefaultAside(runner);
      await createPartition(runner, month);
      return isLarge ? 'madeBesideDefault' : 'made';
    });
    if (outcome === 'madeBesideDefault') this.logger.info('the default partition of the audit log was set aside');
    if (outcome.startsWith('made'))
      this.logger.info({ partition: month.table }, 'a partition of the audit log was made');
    return outcome !== 'waits';
  }

  /** What an earlier schema, or a default partition that was set aside, has left. */
  private async moveEvents(ending: AbortSignal): Promise<void> {
    while (await this.leader.transaction('', hasUnpartitionedEvents)) {
      this.logger.info('the audit log is being moved into its partitions');
      for (let upTo: MovedUpTo | undefined = NOTHING_MOVED; upTo !== undefined;) {
        if (ending.aborted) return;
        const after: MovedUpTo = upTo;
        upTo = await this.leader.transaction('', async (runner) => await moveSomeEvents(runner, after));
        await this.emptyDefault(ending);
      }
      await changeTables(this.leader, dropUnpartitionedEvents);
      this.logger.info('the audit log has been moved into its partitions');
      // It may have had to wait, and may now be set aside in turn.
      await this.emptyDefault(ending);
    }
  }
}
