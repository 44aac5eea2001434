import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

import { Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.token.js';
import { Scheduler } from '../common/scheduler.js';
import { Leader, NotLeaderError } from '../database/leader.js';
import {
  dropUnpartitionedEvents,
  hasUnpartitionedEvents,
  type MovedUpTo,
  moveSomeEvents,
  NOTHING_MOVED,
} from './move-events.js';
import { changeTables, createPartition, monthInDefault, type Month, monthOf, readMonths } from './partitions.js';
import { AuditRetention } from './retention.js';

const PAUSE_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;

/** Partitions that are made before their month begins. */
const MONTHS_AHEAD = 3;

/** Keeps the partitions of the audit log; the leader does it, beside everything else. */
@Injectable()
export class AuditLogUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private end: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly scheduler: Scheduler,
    private readonly leader: Leader,
    private readonly clock: Clock,
    private readonly retention: AuditRetention,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.end = this.scheduler.every(
      PAUSE_MS,
      async () => {
        try {
          await this.run();
        } catch (error) {
          if (error instanceof NotLeaderError) return;
          this.logger.error({ err: error }, 'the partitions of the audit log could not be kept');
        }
      },
      FIRST_PAUSE_MS,
    );
  }

  async onModuleDestroy(): Promise<void> {
    await this.end();
  }

  async run(): Promise<void> {
    if (!(await this.leader.leads())) return;
    await this.makePartitions();
    await this.moveEvents();
    await this.retention.run();
  }

  /** For this month and the next ones, and for whatever month events have been written of without one. */
  private async makePartitions(): Promise<void> {
    const now = this.clock.now();
    for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead += 1) await this.makePartition(monthOf(now, ahead));
    await this.emptyDefault();
  }

  private async emptyDefault(): Promise<void> {
    for (;;) {
      const month = await this.leader.transaction('', monthInDefault);
      if (month === undefined) return;
      await this.makePartition(month);
    }
  }

  private async makePartition(month: Month): Promise<void> {
    const made = await changeTables(this.leader, async (runner) => {
      const months = await readMonths(runner);
      if (months.some(({ table }) => table === month.table)) return false;
      await createPartition(runner, month);
      return true;
    });
    if (made) this.logger.info({ partition: month.table }, 'a partition of the audit log was made');
  }

  /** What an older schema has left. */
  private async moveEvents(): Promise<void> {
    if (!(await this.leader.transaction('', hasUnpartitionedEvents))) return;
    this.logger.info('the audit log is being moved into its partitions');
    for (let upTo: MovedUpTo | undefined = NOTHING_MOVED; upTo !== undefined;) {
      const after: MovedUpTo = upTo;
      upTo = await this.leader.transaction('', async (runner) => await moveSomeEvents(runner, after));
      await this.emptyDefault();
    }
    await changeTables(this.leader, dropUnpartitionedEvents);
    this.logger.info('the audit log has been moved into its partitions');
  }
}
