import type { Caller } from '../common/actor.js';
import { AppError } from '../common/errors.js';
import type { FairSlots } from '../common/fair-slots.js';
import { isRetryable, RollbackError } from '../database/database-error.js';
import type { StatementRunner } from '../database/database.js';
import type { Leader } from '../database/leader.js';
import { runTogether } from '../database/together.js';
import { GatheringTurns } from './gathering-turns.js';
import type { Job, OpenRow, RowOutcome } from './job.model.js';
import type { RowAction, RowContext } from './row-action.js';
import { isUndecided, recordRows, refusedOutcome } from './row-outcomes.js';

/** `outcome`: what has been recorded. Undefined if the row is as before, and is to be changed by itself. */
export interface TriedRow {
  readonly row: OpenRow;
  readonly outcome: RowOutcome | undefined;
}

/** A row on its way. One that is `alone` is left out; one that has an outcome is only recorded. */
interface Attempt {
  readonly context: RowContext;
  prepared: unknown;
  state: 'open' | 'alone' | RowOutcome;
}

/** The transaction is taken back. `isKnown`: because of rows whose outcome is known now. */
class ConflictError extends RollbackError {
  override readonly name = 'ConflictError';

  constructor(
    readonly isKnown: boolean,
    cause?: unknown,
  ) {
    super('Rows cannot be changed in one transaction.', { cause });
  }
}

/**
 * Changes rows of a job in one transaction, each by the rules of its own change. The rows must have nothing in common. Where
 * that transaction fails because of a row, those with an outcome are only recorded in the next, or each half has one of its
 * own, down to rows that are to be changed one by one.
 */
export class RowsTogether {
  constructor(
    private readonly leader: Leader,
    private readonly slots: FairSlots,
    private readonly job: Job,
    private readonly action: RowAction,
  ) {}

  /** @throws errors of the database, after which the rows that have no result are as before */
  async change(rows: readonly OpenRow[], caller: Caller, isOver: () => boolean): Promise<readonly TriedRow[]> {
    const attempts = rows.map((row): Attempt => {
      return { context: { job: this.job, row, caller }, prepared: undefined, state: 'open' };
    });
    const gathering = new GatheringTurns(isOver);
    const prepared = await runTogether(this.leader, attempts, async ({ context }, reader) => {
      return await this.action.prepare(context, { reader, gathering });
    });
    for (const [index, attempt] of attempts.entries()) {
      const ending = prepared[index];
      if (ending?.status === 'fulfilled') attempt.prepared = ending.value;
      else attempt.state = stateAfter(ending?.reason);
    }
    await this.apply(attempts);
    return attempts.map(({ context: { row }, state }) => {
      return { row, outcome: typeof state === 'object' ? state : undefined };
    });
  }

  private async apply(attempts: readonly Attempt[]): Promise<void> {
    const some = attempts.filter(({ state }) => state !== 'alone');
    if (some.length === 0) return;
    try {
      const outcomes = await this.slots.run(this.job.clientExtId, undefined, async () => {
        return await this.leader.transaction(this.job.clientExtId, async (runner) => await this.applyIn(runner, some));
      });
      for (const [attempt, outcome] of outcomes) attempt.state = outcome;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      if (error.isKnown) await this.apply(some);
      else if (some.length === 1) for (const attempt of some) attempt.state = 'alone';
      else {
        const half = Math.ceil(some.length / 2);
        await this.apply(some.slice(0, half));
        await this.apply(some.slice(half));
      }
    }
  }

  /** Returns what has been recorded, which is not yet committed. */
  private async applyIn(
    runner: StatementRunner,
    attempts: readonly Attempt[],
  ): Promise<ReadonlyMap<Attempt, RowOutcome>> {
    const outcomes = new Map<Attempt, RowOutcome>();
    let isUndone = false;
    const endings = await this.applyEach(runner, attempts);
    for (const [index, attempt] of attempts.entries()) {
      const ending = endings[index];
      if (ending?.status === 'rejected') {
        attempt.state = stateAfter(ending.reason);
        // What a refused row has written would be committed with the others.
        isUndone ||= ending.hasWritten;
      }
      const outcome = ending?.status === 'fulfilled' ? ending.value : attempt.state;
      if (typeof outcome === 'object') outcomes.set(attempt, outcome);
    }
    if (isUndone) throw new ConflictError(true);
    await recordRows(
      runner,
      this.job,
      [...outcomes].map(([{ context }, outcome]) => ({ row: context.row, outcome })),
    );
    return outcomes;
  }

  private async applyEach(runner: StatementRunner, attempts: readonly Attempt[]) {
    try {
      return await runTogether(runner, attempts, async ({ context, prepared, state }, transaction) => {
        return typeof state === 'object' ? state : await this.action.apply(context, prepared, transaction);
      });
    } catch (error) {
      throw isOfRow(error) ? new ConflictError(false, error) : error;
    }
  }
}

/** Of an error that is not of the database. */
function stateAfter(error: unknown): 'alone' | RowOutcome {
  return error instanceof AppError && !isUndecided(error.details) ? refusedOutcome(error.details) : 'alone';
}

/** Whether it is an error of the database about one of the rows, such as a value that is taken. */
function isOfRow(error: unknown): boolean {
  return isRetryable(error) || (error instanceof AppError && error.code !== 'errors.unavailable');
}
