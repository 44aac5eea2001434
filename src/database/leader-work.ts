import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../common/logger.token.js';
import { Scheduler } from '../common/scheduler.js';
import { NotLeaderError } from './leader.js';

/** `ending` is aborted when the server ends: work of several steps stops between two of them. */
export type LeaderStep = (ending: AbortSignal) => Promise<void>;

interface Plan {
  readonly pauseMs: number;
  readonly firstPauseMs?: number;
  /** The message of the log where the work fails. */
  readonly failure: string;
}

/** Runs the work of the leader repeatedly. That another server has become the leader meanwhile is no failure. */
@Injectable()
export class LeaderWork {
  constructor(
    private readonly scheduler: Scheduler,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Returns a function that stops this and waits for a run in progress. */
  every({ pauseMs, firstPauseMs, failure }: Plan, work: LeaderStep): () => Promise<void> {
    const ending = new AbortController();
    const stop = this.scheduler.every(pauseMs, async () => await this.once(failure, work, ending.signal), firstPauseMs);
    return async () => {
      ending.abort();
      await stop();
    };
  }

  async once(failure: string, work: LeaderStep, ending: AbortSignal = new AbortController().signal): Promise<void> {
    try {
      await work(ending);
    } catch (error) {
      if (error instanceof NotLeaderError || (ending.aborted && error === ending.reason)) return;
      this.logger.error({ err: error }, failure);
    }
  }
}
