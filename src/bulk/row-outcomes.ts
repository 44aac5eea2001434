import type { ErrorDetail } from '../common/errors.js';
import { RollbackError } from '../database/database-error.js';
import type { StatementRunner } from '../database/database.js';
import type { Job, OpenRow, RowOutcome } from './job.model.js';
import { RECORD_ROWS } from './job.queries.js';

export interface ChangedRow {
  readonly row: OpenRow;
  readonly outcome: RowOutcome;
}

/** The job has been stopped or removed, or another server has changed a row. */
export class RowClosedError extends RollbackError {
  override readonly name = 'RowClosedError';
}

/** In the transaction of the changes. */
export async function recordRows(
  runner: StatementRunner,
  { clientExtId, id }: Job,
  changed: readonly ChangedRow[],
): Promise<void> {
  const rows = changed.map(({ row: { position }, outcome: { result, errors, versionAfter, before } }) => {
    return { position, result, errors: errors ?? null, versionAfter: versionAfter ?? null, before: before ?? null };
  });
  const recorded = await RECORD_ROWS.first(runner, { clientExtId, id, rows });
  if (recorded?.count !== rows.length) throw new RowClosedError();
}

export function refusedOutcome(errors: readonly ErrorDetail[]): RowOutcome {
  return { result: errors.every(({ code }) => code === 'errors.noRecord') ? 'gone' : 'refused', errors };
}

/** Whether another attempt may lead to a decision. */
export function isUndecided(errors: readonly ErrorDetail[]): boolean {
  return errors.every(({ code }) => code === 'errors.unavailable');
}
