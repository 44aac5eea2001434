import type { Caller } from '../common/actor.js';
import type { StatementRunner, Transactions } from '../database/database.js';
import type { GatheringTurns } from './gathering-turns.js';
import type { Job, JobKind, OpenRow, RowOutcome } from './job.model.js';

export interface RowContext {
  readonly job: Job;
  readonly row: OpenRow;
  /** The caller who made the job, at the present time. */
  readonly caller: Caller;
}

/** What `prepare` may use. */
export interface Preparation {
  /** Reads outside any transaction. */
  readonly reader: StatementRunner;
  /** For whatever may be slow. */
  readonly gathering: GatheringTurns;
}

/** What the change is made with: statements and transactions are all part of the row's own transaction. */
export type RowTransaction = StatementRunner & Transactions;

/**
 * What a kind of job does with one row. `BulkJobRunner` records the outcome in the transaction of `apply`, so that a row
 * is changed exactly once, however often servers end. A thrown AppError makes the row `refused`, with `errors.noRecord`
 * `gone`.
 */
export interface RowAction<Prepared = unknown> {
  readonly kinds: readonly JobKind[];
  /** Transactions of such jobs at once, of one job and of all together. */
  readonly transactionsAtOnce: number;
  /** Rows that may share a transaction: as many as a transaction may keep locked. */
  readonly rowsTogether: number;
  /** Rows with a key in common are changed one after the other, in their order; if absent, rows are independent. */
  keysOf?(row: OpenRow): readonly string[];
  /** Outside any transaction. Repeated if `apply` finds that it no longer fits. */
  prepare(context: RowContext, preparation: Preparation): Promise<Prepared>;
  /** Makes the change. It must not fetch anything, and its result is not yet committed. */
  apply(context: RowContext, prepared: Prepared, transaction: RowTransaction): Promise<RowOutcome>;
}

/** All row actions, each for some kinds of jobs. */
export const ROW_ACTIONS = Symbol('certkeep.row-actions');
