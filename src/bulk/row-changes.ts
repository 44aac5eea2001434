import type { Logger } from 'pino';

import type { Clock } from '../common/clock.js';
import { AppError, type ErrorDetail } from '../common/errors.js';
import { FairSlots } from '../common/fair-slots.js';
import type { StatementRunner } from '../database/database.js';
import { type Leader, NotLeaderError } from '../database/leader.js';
import { callerOf } from './job-caller.js';
import type { Job, OpenRow, RowOutcome, RowResult } from './job.model.js';
import { RECORD_ROW } from './job.queries.js';
import { JoinedTransaction } from './joined-transaction.js';
import type { RowAction, RowContext } from './row-action.js';

/** Attempts for a row whose change could not be decided on, before it is refused. */
const ATTEMPTS = 3;

const UNLIMITED = 1_000_000;

interface RunningRow {
  readonly job: Job;
  readonly action: RowAction;
}

/** The job has been stopped or removed, or another server has changed the row. */
class RowClosedError extends Error {
  override readonly name = 'RowClosedError';
}

/** Changes one row in one transaction of the leader, and records in the same transaction what became of it. */
export class RowChanges {
  /** By the number of rows at once: all jobs of such kinds share the connections, and clients take them in turn. */
  private readonly slots = new Map<number, FairSlots>();

  constructor(
    private readonly leader: Leader,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /**
   * `ended`: the job does not run any more.
   *
   * @throws errors of the database, after which the row is as before
   */
  async change({ job, action }: RunningRow, row: OpenRow): Promise<RowResult | 'ended'> {
    try {
      return await this.changeOrRefuse(job, action, row);
    } catch (error) {
      if (error instanceof RowClosedError) return 'ended';
      throw error;
    }
  }

  private async changeOrRefuse(job: Job, action: RowAction, row: OpenRow): Promise<RowResult> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(job, action, row);
      } catch (error) {
        const errors = this.refusalOf(error, job, row);
        if (errors === undefined) throw error;
        const isUndecided = errors.every(({ code }) => code === 'errors.unavailable');
        if (isUndecided && attempt < ATTEMPTS) continue;
        const result = errors.every(({ code }) => code === 'errors.noRecord') ? 'gone' : 'refused';
        const outcome: RowOutcome = { result, errors };
        await this.leader.transaction(job.clientExtId, async (runner) => await record(runner, job, row, outcome));
        return result;
      }
    }
  }

  private async attempt(job: Job, action: RowAction, row: OpenRow): Promise<RowResult> {
    const { clientExtId } = job;
    const context: RowContext = { job, row, caller: callerOf(job, this.clock.now()) };
    const prepared = await action.prepare(context);
    return await this.slotsOf(action).run(clientExtId, undefined, async () => {
      return await this.leader.transaction(clientExtId, async (runner) => {
        const outcome = await action.apply(context, prepared, new JoinedTransaction(runner, this.leader));
        await record(runner, job, row, outcome);
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

  private slotsOf({ rowsAtOnce }: RowAction): FairSlots {
    const known = this.slots.get(rowsAtOnce);
    if (known !== undefined) return known;
    const waiting = { maxWaiting: UNLIMITED, maxWaitingPerKey: UNLIMITED, waitMs: 600_000 };
    const slots = new FairSlots({ slots: rowsAtOnce, share: rowsAtOnce, reserved: 0, ...waiting }, 'rows of jobs');
    this.slots.set(rowsAtOnce, slots);
    return slots;
  }
}

async function record(
  runner: StatementRunner,
  { clientExtId, id }: Job,
  { position }: OpenRow,
  { result, errors, versionAfter, before }: RowOutcome,
): Promise<void> {
  const values = { result, errors: errors ?? null, versionAfter: versionAfter ?? null, before: before ?? null };
  const recorded = await RECORD_ROW.first(runner, { clientExtId, id, position, ...values });
  if (recorded === undefined) throw new RowClosedError();
}
