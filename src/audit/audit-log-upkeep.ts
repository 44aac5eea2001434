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

/** The timeout for moving events from the default partition: there may be millions of them. Milliseconds. */
const MOVE_MS = 600_000;

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
      async () => await this.logFailure(async () => await this.run()),
      FIRST_PAUSE_MS,
    );
  }

  /**
   * Makes the next partitions before the server takes its first request, so that a new database that is filled at once
   * does not fill the default partition.
   */
  async prepare(): Promise<void> {
    await this.logFailure(async () => await this.makePartitions());
  }

  async onModuleDestroy(): Promise<void> {
    await this.end();
  }

  /** A month whose partition cannot be made does not keep others from being moved or dropped. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    const parts = [
      async () => await this.makePartitions(MOVE_MS),
      async () => await this.emptyDefault(),
      async () => await this.moveEvents(),
      async () => await this.retention.run(),
    ];
    for (const part of parts) {
      if (!(await this.leader.leads())) return;
      await part().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  private async logFailure(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof NotLeaderError) return;
      this.logger.error({ err: error }, 'the partitions of the audit log could not be kept');
    }
  }

  /** For this month and the next ones, and for whatever month events have been written of without one. */
  private async makePartitions(timeoutMs?: number): Promise<void> {
    const now = this.clock.now();
    for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead += 1) await this.makePartition(monthOf(now, ahead), timeoutMs);
  }

  private async emptyDefault(): Promise<void> {
    for (;;) {
      const month = await this.leader.transaction('', monthInDefault);
      if (month === undefined) return;
      await this.makePartition(month, MOVE_MS);
    }
  }

  private async makePartition(month: Month, timeoutMs?: number): Promise<void> {
    const made = await changeTables(
      this.leader,
      async (runner) => {
        const months = await readMonths(runner);
        if (months.some(({ table }) => table === month.table)) return false;
        await createPartition(runner, month);
        return true;
      },
      timeoutMs,
    );
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
