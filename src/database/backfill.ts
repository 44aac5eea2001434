import type { Logger } from 'pino';

import type { Clock } from '../common/clock.js';
import type { LeaderWork } from './leader-work.js';
import type { Leader } from './leader.js';

const PAUSE_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;

/** How long a pass that found nothing counts: an older server may still write rows during an upgrade. */
const COMPLETE_MS = 3_600_000;

const LOGGED_EVERY = 10_000;

/** Rows of one transaction, which are locked for some milliseconds. */
export const MAX_WRITTEN = 25;

/** What is written into rows of a table that an older server has stored. */
export interface BackfillPlan<Key, Row extends Key> {
  /** As the log names it: `the search columns of users`. */
  readonly name: string;
  /** What the log counts them as; `rows` if absent. */
  readonly counted?: string;
  /** Before the first key. */
  readonly start: Key;
  /**
   * The next rows that lack something, and the last key that was examined; no key at the end of the table.
   */
  readonly next: (after: Key) => Promise<{ readonly rows: readonly Row[]; readonly last: Key | undefined }>;
  /** Writes at most `MAX_WRITTEN` rows in one transaction of the leader; returns how many were written. */
  readonly write: (rows: readonly Row[]) => Promise<number>;
}

/**
 * Fills the columns of existing rows: the leader does it in small batches, beside everything else. The rows themselves
 * say what is left, so that it may be broken off and begun again anywhere.
 */
export class Backfill<Key, Row extends Key> {
  /** Counted since the server started. */
  written = 0;
  private isEnding = false;
  private completeUntil: Date | undefined;

  constructor(
    private readonly plan: BackfillPlan<Key, Row>,
    private readonly leader: Leader,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Whether this server leads and its last pass found nothing to write. */
  get isComplete(): boolean {
    return this.completeUntil !== undefined;
  }

  /** Returns a function that stops this and waits for a batch in progress. */
  start(work: LeaderWork): () => Promise<void> {
    const times = { pauseMs: PAUSE_MS, firstPauseMs: FIRST_PAUSE_MS };
    const stop = work.every({ ...times, failure: `${this.plan.name} could not be written` }, async () => {
      try {
        await this.run();
      } catch (error) {
        this.completeUntil = undefined;
        throw error;
      }
    });
    return async () => {
      this.isEnding = true;
      await stop();
    };
  }

  async run(): Promise<void> {
    if (!(await this.leader.leads())) {
      this.completeUntil = undefined;
      return;
    }
    const now = this.clock.now();
    if (this.completeUntil !== undefined && now < this.completeUntil) return;
    const found = await this.pass();
    this.completeUntil = found === 0 && !this.isEnding ? new Date(now.getTime() + COMPLETE_MS) : undefined;
  }

  /** Examines every row once; returns the number of those that lacked something. */
  private async pass(): Promise<number> {
    const { name, counted = 'rows', start, next, write } = this.plan;
    let found = 0;
    for (let after: Key | undefined = start; after !== undefined && !this.isEnding;) {
      const { rows, last }: { readonly rows: readonly Row[]; readonly last: Key | undefined } = await next(after);
      after = last;
      if (rows.length === 0) continue;
      if (found === 0) this.logger.info(`${name} are being written`);
      for (let first = 0; first < rows.length && !this.isEnding; first += MAX_WRITTEN) {
        this.written += await write(rows.slice(first, first + MAX_WRITTEN));
      }
      const before = found;
      found += rows.length;
      if (Math.floor(found / LOGGED_EVERY) > Math.floor(before / LOGGED_EVERY)) {
        this.logger.info({ [counted]: found }, `${name} have been written so far`);
      }
    }
    if (found > 0 && !this.isEnding) this.logger.info({ [counted]: found }, `${name} have been written`);
    return found;
  }
}
