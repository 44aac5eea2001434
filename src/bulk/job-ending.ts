import { auditEvent } from '../audit/change-with-audit-event.js';
import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import type { StatementRunner } from '../database/database.js';
import { endedEvent } from './job-event.js';
import type { JobStatus } from './job.model.js';
import { COUNT_ROWS, END_JOB, LOCK_JOB } from './job.queries.js';

interface JobPath {
  readonly clientExtId: string;
  readonly id: string;
}

/**
 * Ends the job with the counts of its results, and its audit event; must run inside a transaction. `open`: it was to be
 * completed, and has rows without a result.
 */
export async function endJob(
  runner: StatementRunner,
  caller: Caller,
  { clientExtId, id }: JobPath,
  status: Extract<JobStatus, 'stopped' | 'completed'>,
): Promise<'ended' | 'open'> {
  const job = await LOCK_JOB.first(runner, { clientExtId, id });
  if (job === undefined) throw noRecord();
  if (job.status === 'stopped' || job.status === 'completed') return 'ended';
  const found = await COUNT_ROWS.first(runner, { clientExtId, id });
  const { open = 0, changed = 0, unchanged = 0, refused = 0, gone = 0 } = found ?? {};
  if (status === 'completed' && open > 0) return 'open';
  const counts = { changed, unchanged, refused, gone };
  const event = auditEvent(caller, endedEvent(id, job.status, status, counts));
  await END_JOB.all(runner, { clientExtId, id, now: caller.now, status, ...counts, event });
  return 'ended';
}
