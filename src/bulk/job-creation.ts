import { randomUUID } from 'node:crypto';

import { auditEvent } from '../audit/change-with-audit-event.js';
import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import type { StatementRunner } from '../database/database.js';
import { jobCallerOf } from './job-caller.js';
import { begunEvent } from './job-event.js';
import type { JobKind, JobParameters } from './job.model.js';
import { BEGIN_JOB, INSERT_JOB, SHARE_CLIENT_OF_JOB } from './job.queries.js';

interface NewJob {
  readonly kind: JobKind;
  readonly parameters: JobParameters;
  /** Of an undo. */
  readonly undoneJob?: string;
}

const NO_RESULTS = { total: 0, changed: 0, unchanged: 0, refused: 0, gone: 0 } as const;

/**
 * Makes a job that has no rows yet, and returns its id; must run inside a transaction.
 *
 * @throws AppError if there is no such client; `errors.policyViolation` if another job of it runs
 */
export async function insertJob(
  runner: StatementRunner,
  caller: Caller,
  clientExtId: string,
  { kind, parameters, undoneJob }: NewJob,
): Promise<string> {
  if ((await SHARE_CLIENT_OF_JOB.first(runner, { clientExtId })) === undefined) throw noRecord();
  const id = randomUUID();
  const times = { created: caller.now, lastLoaded: caller.now, ended: null };
  await INSERT_JOB.all(runner, {
    clientExtId,
    id,
    kind,
    status: 'loading',
    parameters,
    undoneJob: undoneJob ?? null,
    ...jobCallerOf(caller),
    ...NO_RESULTS,
    ...times,
  });
  return id;
}

/** Once all its rows are there, it begins to run. Wake the runner after the transaction. */
export async function beginJob(
  runner: StatementRunner,
  caller: Caller,
  { clientExtId, id }: { readonly clientExtId: string; readonly id: string },
  job: Omit<NewJob, 'undoneJob'> & { readonly total: number },
): Promise<void> {
  const event = auditEvent(caller, begunEvent(id, job));
  const begun = await BEGIN_JOB.first(runner, { clientExtId, id, total: job.total, now: caller.now, event });
  // It was stopped meanwhile.
  if (begun === undefined) throw noRecord();
}
