import { Injectable } from '@nestjs/common';

import { requireRights } from '../auth/require-rights.js';
import { type SelectionPreview, SelectionPreviewService } from '../certificates/selection/selection-preview.service.js';
import { SelectionService, type SentSelection } from '../certificates/selection/selection.service.js';
import type { Caller } from '../common/actor.js';
import { appError, type ErrorDetail, invalidParameter, throwAll } from '../common/errors.js';
import { Database } from '../database/database.js';
import { unprepared } from '../database/unprepared.js';
import { BulkJobRunner } from './bulk-job-runner.js';
import { beginJob, insertJob } from './job-creation.js';
import type { JobResource } from './job-resource.js';
import { rightsOf } from './job-rights.rules.js';
import type { BulkAction } from './job.model.js';
import { INSERT_ROWS_TO_UNDO, insertRows, LOCK_JOB, type ShownJob } from './job.queries.js';
import { undoableUntil } from './job.rules.js';
import { type JobPath, JobsService } from './jobs.service.js';
import { type BulkParameters, selectedAction } from './selected-row-action.js';

export interface BulkRequest extends SentSelection {
  readonly action: BulkAction;
  readonly parameters?: BulkParameters | undefined;
}

/** B1: making jobs that change selected certificates, and their undo. */
@Injectable()
export class BulkJobsService {
  constructor(
    private readonly database: Database,
    private readonly selections: SelectionService,
    private readonly previews: SelectionPreviewService,
    private readonly jobs: JobsService,
    private readonly runner: BulkJobRunner,
  ) {}

  async preview(caller: Caller, clientExtId: string, request: BulkRequest): Promise<SelectionPreview> {
    const { action, parameters, selection } = this.read(caller, clientExtId, request);
    if (parameters.policyExtId !== undefined) {
      await this.selections.requirePolicy(this.database, clientExtId, parameters.policyExtId);
    }
    return await this.previews.preview(caller, clientExtId, selection, selectedAction(action, parameters));
  }

  /** The selection is frozen in the transaction that makes the job. */
  async begin(caller: Caller, clientExtId: string, request: BulkRequest): Promise<JobResource> {
    const { action: kind, parameters, selection } = this.read(caller, clientExtId, request);
    const { filter, ids } = request;
    const shown = { ...(filter === undefined ? { ids: ids?.length } : { filter }), ...parameters };
    const id = await this.selections.run(caller, clientExtId, async (runner) => {
      const job = await insertJob(runner, caller, clientExtId, { kind, parameters: shown });
      if (parameters.policyExtId !== undefined) {
        await this.selections.requirePolicy(runner, clientExtId, parameters.policyExtId);
      }
      const selected = this.selections.rows(selection, caller.now);
      const inserting = unprepared(insertRows(selected.sql), { clientExtId, id: job, filters: selected.filters });
      const [inserted] = await runner.run<{ total: number }>(inserting.statement, inserting.values);
      const total = inserted?.total ?? 0;
      await this.selections.require(runner, clientExtId, selection, total);
      await beginJob(runner, caller, { clientExtId, id: job }, { kind, parameters: shown, total });
      return job;
    });
    return await this.begun(caller, { clientExtId, id });
  }

  /** A job over the rows that the first one has changed (contract 17.3). */
  async undo(caller: Caller, path: JobPath): Promise<JobResource> {
    const job = await this.jobs.row(path);
    const { clientExtId } = path;
    requireRights(caller, clientExtId, rightsOf(job.kind));
    requireUndoable(job, caller.now);
    const id = await this.selections.run(caller, clientExtId, async (runner) => {
      const parameters = { undoneAction: job.kind };
      const undoneJob = job.id;
      // Another undo of it may have run meanwhile. Two at once wait for each other here.
      await LOCK_JOB.first(runner, path);
      requireUndoable(await this.jobs.row(path, runner), caller.now);
      const undo = await insertJob(runner, caller, clientExtId, { kind: 'undo', parameters, undoneJob });
      const inserted = await INSERT_ROWS_TO_UNDO.first(runner, { clientExtId, id: undo, undoneJob });
      const total = inserted?.total ?? 0;
      await beginJob(runner, caller, { clientExtId, id: undo }, { kind: 'undo', parameters: { undoneJob }, total });
      return undo;
    });
    return await this.begun(caller, { clientExtId, id });
  }

  private async begun(caller: Caller, path: JobPath): Promise<JobResource> {
    const job = await this.jobs.read(caller, path);
    this.runner.wake();
    return job;
  }

  /** @throws AppError if a right is missing, or with all errors of the request */
  private read(caller: Caller, clientExtId: string, request: BulkRequest) {
    const { action, parameters = {} } = request;
    requireRights(caller, clientExtId, rightsOf(action));
    throwAll(parameterErrors(action, parameters));
    return { action, parameters, selection: this.selections.read(request) };
  }
}

function requireUndoable(job: ShownJob, now: Date): void {
  if (undoableUntil(job, now) === undefined) throw appError(notUndoable(job.kind));
}

function parameterErrors(
  action: BulkAction,
  { policyExtId, modificationComment }: BulkParameters,
): readonly ErrorDetail[] {
  const errors: ErrorDetail[] = [];
  const policy = 'parameters.policyExtId';
  if (action === 'move' && policyExtId === undefined) errors.push(invalidParameter(policy, `A move needs ${policy}.`));
  if (action !== 'move' && policyExtId !== undefined) {
    errors.push(invalidParameter(policy, `${policy} may be sent for a move only.`));
  }
  if (action === 'delete' && modificationComment !== undefined) {
    const comment = 'parameters.modificationComment';
    errors.push(invalidParameter(comment, `${comment} may not be sent for a deletion.`));
  }
  return errors;
}

function notUndoable(kind: string): ErrorDetail {
  const message =
    kind === 'delete'
      ? 'A deletion cannot be undone.'
      : 'A job can be undone once, within an hour after its end, if it has changed something; neither an import nor an undo can be.';
  return { code: 'errors.invalidData', message };
}
