import type { Logger } from 'pino';

import type { Clock } from '../common/clock.js';
import { AppError, type ErrorDetail } from '../common/errors.js';
import { FairSlots } from '../common/fair-slots.js';
import { type Leader, NotLeaderError } from '../database/leader.js';
import { GatheringTurns } from './gathering-turns.js';
import { callerOf } from './job-caller.js';
import type { Job, OpenRow, RowResult } from './job.model.js';
import { JoinedTransaction } from './joined-transaction.js';
import type { RowAction, RowContext } from './row-action.js';
import { isUndecided, recordRows, refusedOutcome, RowClosedError } from './row-outcomes.js';
import { RowsTogether, type TriedRow } from './rows-together.js';

/** Attempts for a row whose change could not be decided on, before it is refused. */
const ATTEMPTS = 3;

const UNLIMITED = 1_000_000;

export interface RunningRows {
  readonly job: Job;
  readonly action: RowAction;
}

/** `ended`: the job does not run any more. `open`: rows for which its turn was too short. */
export interface ChangedRows {
  readonly results: readonly RowResult[];
  readonly open: readonly OpenRow[];
  readonly hasEnded: boolean;
}

/**
 * Changes rows in transactions of the leader, and records in the same transactions what became of them: rows together where
 * they can be, and each by itself where not.
 */
export class RowChanges {
  /** By the number of transactions at once: all jobs of such kinds share the connections, and clients take them in turn. */
  private readonly slots = new Map<number, FairSlots>();

  constructor(
    private readonly leader: Leader,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** @throws errors of the database, after which the rows that have no result are as before */
  async change(running: RunningRows, rows: readonly OpenRow[], isOver: () => boolean): Promise<ChangedRows> {
    const results: RowResult[] = [];
    const open: OpenRow[] = [];
    try {
      for (const { row, outcome } of await this.changeTogether(running, rows, isOver)) {
        if (outcome !== undefined) results.push(outcome.result);
        else if (isOver() && results.length > 0) open.push(row);
        else results.push(await this.changeOrRefuse(running, row));
      }
      return { results, open, hasEnded: false };
    } catch (error) {
      if (error instanceof RowClosedError) return { results, open, hasEnded: true };
      throw error;
    }
  }

  /** Without an outcome for those that are to be changed one by one. */
  private async changeTogether(
    { job, action }: RunningRows,
    rows: readonly OpenRow[],
    isOver: () => boolean,
  ): Promise<readonly TriedRow[]> {
    if (rows.length === 1) return rows.map((row) => ({ row, outcome: undefined }));
    const together = new RowsTogether(this.leader, this.slotsOf(action), job, action);
    return await together.change(rows, callerOf(job, this.clock.now()), isOver);
  }

  private async changeOrRefuse({ job, action }: RunningRows, row: OpenRow): Promise<RowResult> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(job, action, row);
      } catch (error) {
        const errors = this.refusalOf(error, job, row);
        if (errors === undefined) throw error;
        if (isUndecided(errors) && attempt < ATTEMPTS) continue;
        const outcome = refusedOutcome(errors);
        const recorded = [{ row, outcome }];
        await this.leader.transaction(job.clientExtId, async (runner) => await recordRows(runner, job, recorded));
        return outcome.result;
      }
    }
  }

  private async attempt(job: Job, action: RowAction, row: OpenRow): Promise<RowResult> {
    const { clientExtId } = job;
    const context: RowContext = { job, row, caller: callerOf(job, this.clock.now()) };
    const prepared = await action.prepare(context, { reader: this.leader, gathering: new GatheringTurns() });
    return await this.slotsOf(action).run(clientExtId, undefined, async () => {
      return await this.leader.transaction(clientExtId, async (runner) => {
        const outcome = await action.apply(context, prepared, new JoinedTransaction(runner, this.leader));
        await recordRows(runner, job, [{ row, outcome }]);
        return outcome.result;
      });
    });
  }

  /** Undefined if the row is not to blame, and is to be changed later. */
  private refusalOf(
    error: unknown,
    { clientExtId, id }: Job,
    { position }: OpenRow,
  ): readonly ErrorDetail[] | undefined {
    if (error instanceof NotLeaderError || error instanceof RowClosedError) return undefined;
    if (error instanceof AppError) {
      const isOfDatabase = error.code === 'errors.unavailable' && error.cause !== undefined;
      return isOfDatabase ? undefined : error.details;
    }
    // A defect. The other rows go on.
    this.logger.error({ err: error, client: clientExtId, job: id, position }, 'a row of a job could not be changed');
    return [{ code: 'errors.fatalError', message: 'The row could not be changed because of an error of the server.' }];
  }

  private slotsOf({ transactionsAtOnce }: RowAction): FairSlots {
    const known = this.slots.get(transactionsAtOnce);
    if (known !== undefined) return known;
    const waiting = { maxWaiting: UNLIMITED, maxWaitingPerKey: UNLIMITED, waitMs: 600_000 };
    const limits = { slots: transactionsAtOnce, share: transactionsAtOnce, reserved: 0, ...waiting };
    const slots = new FairSlots(limits, 'rows of jobs');
    this.slots.set(transactionsAtOnce, slots);
    return slots;
  }
}
