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

/** Work that runs ten times a second would fill the log while there is no database. In milliseconds. */
const LOG_PAUSE_MS = 10_000;

/** Runs the work of the leader repeatedly. That another server has become the leader meanwhile is no failure. */
@Injectable()
export class LeaderWork {
  constructor(
    private readonly scheduler: Scheduler,
    @Inject(LOGGER) private readonly logger: Logger,
    /** Milliseconds, monotonic. */
    private readonly monotonic: () => number = () => performance.now(),
  ) {}

  /**
   * Returns a function that stops this and waits for a run in progress. Of work that runs more often than every ten
   * seconds, at most one failure is logged in that time, with the number of those since the last one.
   */
  every({ pauseMs, firstPauseMs, failure }: Plan, work: LeaderStep): () => Promise<void> {
    const ending = new AbortController();
    const logPauseMs = pauseMs < LOG_PAUSE_MS ? LOG_PAUSE_MS : 0;
    let loggedAt = Number.NEGATIVE_INFINITY;
    let unlogged = 0;
    const log = (error: unknown): void => {
      unlogged += 1;
      if (this.monotonic() - loggedAt < logPauseMs) return;
      this.logger.error({ err: error, ...(unlogged > 1 && { failures: unlogged }) }, failure);
      loggedAt = this.monotonic();
      unlogged = 0;
    };
    const run = async () => await this.attempt(work, ending.signal, log);
    const stop = this.scheduler.every(pauseMs, run, firstPauseMs);
    return async () => {
      ending.abort();
      await stop();
    };
  }

  async once(failure: string, work: LeaderStep, ending: AbortSignal = new AbortController().signal): Promise<void> {
    await this.attempt(work, ending, (error) => this.logger.error({ err: error }, failure));
  }

  private async attempt(work: LeaderStep, ending: AbortSignal, log: (error: unknown) => void): Promise<void> {
    try {
      await work(ending);
    } catch (error) {
      if (error instanceof NotLeaderError || (ending.aborted && error === ending.reason)) return;
      log(error);
    }
  }
}
