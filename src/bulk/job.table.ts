import type { ErrorDetail } from '../common/errors.js';
import type { Permission } from '../common/permission.js';
import { bytes, identifier, instant, integer, json, nullable, uuid } from '../database/column.js';
import { type RowOf, table } from '../database/table.js';
import type { JobCaller, JobKind, JobParameters, JobStatus, RowBefore, RowResult } from './job.model.js';

/** Jobs that change many resources, each by the rules of the single change (contract 17). */
export const JOBS = table(
  'jobs',
  {
    clientExtId: identifier(),
    id: uuid(),
    kind: identifier<JobKind>(),
    status: identifier<JobStatus>(),
    parameters: json<JobParameters>(),
    /** Of an undo: the job whose changes it takes back. */
    undoneJob: nullable(uuid()),
    actor: identifier(),
    actorClient: identifier(),
    permissions: json<readonly Permission[]>(),
    dataRoom: json<JobCaller['dataRoom']>(),
    address: nullable(identifier()),
    requestId: identifier(),
    total: integer(),
    /** The results of its rows; written when it ends. */
    changed: integer(),
    unchanged: integer(),
    refused: integer(),
    gone: integer(),
    created: instant(),
    /** When the last rows of an import arrived. */
    lastLoaded: instant(),
    ended: nullable(instant()),
  },
  {
    primaryKey: { name: 'jobs_pk', columns: ['clientExtId', 'id'] },
    indexes: [
      {
        name: 'jobs_running_unique',
        columns: ['clientExtId'],
        unique: true,
        where: `status in ('loading', 'running')`,
      },
      { name: 'jobs_page', columns: ['clientExtId', 'created', 'id'] },
      { name: 'jobs_undone', columns: ['clientExtId', 'undoneJob'], where: 'undone_job is not null' },
      { name: 'jobs_ended', columns: ['ended'], where: 'ended is not null' },
    ],
    foreignKeys: [{ name: 'jobs_client_fk', columns: ['clientExtId'], to: 'clients', toColumns: ['extId'] }],
    checks: [
      {
        name: 'jobs_kind_check',
        expression: `kind in ('disable', 'enable', 'move', 'delete', 'undo', 'import')`,
      },
      { name: 'jobs_status_check', expression: `status in ('loading', 'running', 'stopped', 'completed')` },
    ],
  },
);

export type JobRow = RowOf<typeof JOBS>;

/** One certificate, or one imported line, of a job. */
export const JOB_ROWS = table(
  'job_rows',
  {
    clientExtId: identifier(),
    jobId: uuid(),
    position: integer(),
    userExtId: nullable(identifier()),
    extId: nullable(identifier()),
    /** With the digest: the certificate that was selected. */
    generation: nullable(uuid()),
    sha256: nullable(bytes()),
    /** Of an import. */
    line: nullable(json<JobParameters>()),
    /** Null until the row is done. */
    result: nullable(identifier<RowResult>()),
    errors: nullable(json<readonly ErrorDetail[]>()),
    /** What an undo needs: the version that the change has made, and what it overwrote. */
    versionAfter: nullable(integer()),
    before: nullable(json<RowBefore>()),
  },
  {
    primaryKey: { name: 'job_rows_pk', columns: ['clientExtId', 'jobId', 'position'] },
    foreignKeys: [
      {
        name: 'job_rows_job_fk',
        columns: ['clientExtId', 'jobId'],
        to: 'jobs',
        toColumns: ['clientExtId', 'id'],
        cascades: true,
      },
    ],
    checks: [{ name: 'job_rows_result_check', expression: `result in ('changed', 'unchanged', 'refused', 'gone')` }],
  },
);
