import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

import { Clock } from '../common/clock.js';
import { AppError } from '../common/errors.js';
import { LOGGER } from '../common/logger.token.js';
import { LeaderWork } from '../database/leader-work.js';
import { Leader, NotLeaderError } from '../database/leader.js';
import { Metrics } from '../http/metrics.js';
import { callerOf } from './job-caller.js';
import { endJob } from './job-ending.js';
import type { Job, OpenRow, RowResult } from './job.model.js';
import { FIND_OPEN_ROWS, FIND_RUNNING_JOBS } from './job.queries.js';
import { KeyOrder } from './key-order.js';
import { ROW_ACTIONS, type RowAction } from './row-action.js';
import { RowChanges } from './row-changes.js';

const PAUSE_MS = 1_000;

/** Jobs that have a turn at once; a slow one holds up the others only if there are so many of them. */
const TURNS_AT_ONCE = 8;

/** A turn ends after a page of rows, or after the row that is being changed then. In milliseconds. */
const TURN_MS = 2_000;

/** How often the running jobs are read while some of them have turns. In milliseconds. */
const READ_JOBS_MS = 500;

/** Before a job has a turn again whose rows could not be changed, because the database could not be reached. */
const RETRY_MS = 2_000;

/** A running job, and how far it has come; another leader begins at its first open row. */
interface RunningJob {
  readonly job: Job;
  readonly action: RowAction;
  after: number;
}

/**
 * Changes the rows of all running jobs (contract 17.2). The leader does it. The clients have turns: however many rows one
 * client's job has, the others wait for a page of them at most.
 */
@Injectable()
export class BulkJobRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly actions: ReadonlyMap<string, RowAction>;
  private readonly rows: RowChanges;
  private readonly results: Record<RowResult, number> = { changed: 0, unchanged: 0, refused: 0, gone: 0 };
  /** In the order of their turns. */
  private readonly waiting = new Map<string, RunningJob>();
  private readonly atTurn = new Map<string, Promise<void>>();
  private readonly putOff = new Map<string, number>();
  private readonly ending = new AbortController();
  private running: Promise<void> | undefined;
  private lostLead: NotLeaderError | undefined;
  private woken = Promise.withResolvers<void>();
  private end: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly work: LeaderWork,
    private readonly leader: Leader,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    @Inject(ROW_ACTIONS) actions: readonly RowAction[],
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.actions = new Map(actions.flatMap((action) => action.kinds.map((kind) => [kind, action] as const)));
    this.rows = new RowChanges(leader, clock, logger);
  }

  onApplicationBootstrap(): void {
    this.metrics.showJobs({ results: this.results, running: () => this.waiting.size + this.atTurn.size });
    this.end = this.work.every(
      { pauseMs: PAUSE_MS, firstPauseMs: PAUSE_MS, failure: 'jobs could not be continued' },
      async () => await this.run(),
    );
  }

  async onModuleDestroy(): Promise<void> {
    this.ending.abort();
    await this.end();
    await this.running?.catch(() => undefined);
  }

  /** There is a new job, which need not wait for the next run if this server is the leader. */
  wake(): void {
    this.woken.resolve();
    if (this.running === undefined) void this.work.once('jobs could not be continued', async () => await this.run());
  }

  /** Until no job runs. */
  async run(): Promise<void> {
    this.running ??= this.runAll().finally(() => (this.running = undefined));
    await this.running;
  }

  private async runAll(): Promise<void> {
    if (!(await this.leader.leads())) return;
    this.lostLead = undefined;
    let readAt = Number.NEGATIVE_INFINITY;
    try {
      while (!this.ending.signal.aborted) {
        if (this.lostLead !== undefined) throw this.lostLead;
        if (performance.now() - readAt >= READ_JOBS_MS || this.waiting.size === 0) {
          this.woken = Promise.withResolvers();
          await this.readJobs();
          readAt = performance.now();
        }
        this.beginTurns();
        if (this.atTurn.size === 0) return;
        const isWoken = this.woken.promise.then(() => true);
        if ((await Promise.race([...this.atTurn.values(), isWoken])) === true) readAt = Number.NEGATIVE_INFINITY;
      }
    } finally {
      await Promise.allSettled(this.atTurn.values());
      this.waiting.clear();
    }
  }

  private async readJobs(): Promise<void> {
    const found = await FIND_RUNNING_JOBS.all(this.leader, {});
    const now = performance.now();
    for (const [id, until] of this.putOff) if (until <= now) this.putOff.delete(id);
    const ids = new Set(found.map(({ id }) => id));
    for (const id of this.waiting.keys()) if (!ids.has(id)) this.waiting.delete(id);
    for (const job of found) {
      const action = this.actions.get(job.kind);
      const isKnown = this.waiting.has(job.id) || this.atTurn.has(job.id) || this.putOff.has(job.id);
      // A newer version may know kinds that this one does not.
      if (!isKnown && action !== undefined) this.waiting.set(job.id, { job, action, after: 0 });
    }
  }

  private beginTurns(): void {
    for (const [id, running] of this.waiting) {
      if (this.atTurn.size >= TURNS_AT_ONCE) return;
      this.waiting.delete(id);
      this.atTurn.set(
        id,
        this.turn(running).finally(() => this.atTurn.delete(id)),
      );
    }
  }

  /** It comes last in the next round, unless it has ended. */
  private async turn(running: RunningJob): Promise<void> {
    const { job } = running;
    try {
      if (await this.changeSome(running)) this.waiting.set(job.id, running);
    } catch (error) {
      if (error instanceof NotLeaderError) {
        this.lostLead = error;
        return;
      }
      this.putOff.set(job.id, performance.now() + RETRY_MS);
      this.logger.error({ err: error, client: job.clientExtId, job: job.id }, 'a job could not be continued');
    }
  }

  /** True if the job goes on. */
  private async changeSome(running: RunningJob): Promise<boolean> {
    const { job, action, after } = running;
    const { clientExtId, id } = job;
    const rows = await FIND_OPEN_ROWS.all(this.leader, { clientExtId, id, position: after });
    if (rows.length === 0) {
      if (await this.complete(job)) return false;
      running.after = 0;
      return true;
    }
    const until = performance.now() + TURN_MS;
    const left = [...rows];
    const order = new KeyOrder();
    const open: OpenRow[] = [];
    const isOver = (): boolean => this.ending.signal.aborted || performance.now() >= until;
    const changeNext = async (): Promise<boolean> => {
      for (let next = takeNext(left, action); next.rows.length > 0; next = takeNext(left, action)) {
        const changed = await order.run(next.keys, async () => await this.rows.change(running, next.rows, isOver));
        for (const result of changed.results) this.results[result] += 1;
        if (changed.hasEnded) return false;
        open.push(...changed.open);
        if (isOver()) return true;
      }
      return true;
    };
    const endings = await Promise.allSettled(
      Array.from({ length: action.transactionsAtOnce }, async () => {
        return await changeNext().catch((error: unknown) => {
          // The other rows that are being changed are finished, and nothing else begins.
          left.length = 0;
          throw error;
        });
      }),
    );
    const failed = endings.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    const firstOpen = Math.min(...[...open, ...left].map(({ position }) => position));
    running.after = Number.isFinite(firstOpen) ? firstOpen - 1 : (rows.at(-1)?.position ?? after);
    return endings.every((one) => one.status === 'fulfilled' && one.value);
  }

  /** False if it has open rows. */
  private async complete(job: Job): Promise<boolean> {
    const caller = callerOf(job, this.clock.now());
    try {
      return await this.leader.transaction(job.clientExtId, async (runner) => {
        return (await endJob(runner, caller, job, 'completed')) !== 'open';
      });
    } catch (error) {
      // It was removed with its client.
      if (error instanceof AppError && error.code === 'errors.noRecord') return true;
      throw error;
    }
  }
}

/** The next rows that may share a transaction: of rows with a key in common, the later ones wait for the first. */
function takeNext(
  left: OpenRow[],
  action: RowAction,
): { readonly rows: readonly OpenRow[]; readonly keys: readonly string[] } {
  const keys = new Set<string>();
  let count = 0;
  for (const row of left.slice(0, action.rowsTogether)) {
    const own = action.keysOf?.(row) ?? [];
    if (own.some((key) => keys.has(key))) break;
    for (const key of own) keys.add(key);
    count += 1;
  }
  return { rows: left.splice(0, count), keys: [...keys] };
}
