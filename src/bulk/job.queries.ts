import { changeWithAuditEvent } from '../audit/change-with-audit-event.js';
import type { ErrorDetail } from '../common/errors.js';
import { identifier, instant, json, uuid } from '../database/column.js';
import { pageOfRows } from '../database/page-rows.js';
import { before } from '../database/paging.js';
import { parameter, returns, type Sql, sql } from '../database/sql.js';
import { shortRead, statement } from '../database/statement.js';
import { NOW } from '../database/versioned.js';
import type { RowBefore, RowResult } from './job.model.js';
import { JOB_ROWS, JOBS, type JobRow } from './job.table.js';

const { clientExtId, id } = JOBS.parameters;
const { position } = JOB_ROWS.parameters;

/** The row `j` of the job with this id. */
const THIS_JOB = JOBS.matches('j', ['clientExtId', 'id']);

/** The rows `r` of the job `j`. */
const ROWS_OF_JOB = returns<unknown>('r.client_ext_id = j.client_ext_id and r.job_id = j.id');

type Counts = Pick<JobRow, RowResult>;

const COUNTS = returns<Counts>(`count(*) filter (where r.result = 'changed')::integer as changed,
  count(*) filter (where r.result = 'unchanged')::integer as unchanged,
  count(*) filter (where r.result = 'refused')::integer as refused,
  count(*) filter (where r.result = 'gone')::integer as gone`);

const COUNTED = ['changed', 'unchanged', 'refused', 'gone'] as const satisfies readonly RowResult[];
const KEPT_COLUMNS = JOBS.columnNames.filter((name) => !COUNTED.some((count) => count === name)) as readonly Exclude<
  keyof JobRow,
  RowResult
>[];

/** A job whose results are counted while it runs, so that no row has to wait for another one's count. */
const SHOWN = sql`${JOBS.select('j', KEPT_COLUMNS)}, ${returns<Counts>(
  COUNTED.map((name) => `case when j.ended is null then n.${name} else j.${name} end as ${name}`).join(', '),
)}, ${returns<{ readonly isUndone: boolean }>(
  // With exists, PostgreSQL may read the jobs of all clients into a hash table.
  `(select u.id from jobs u where u.client_ext_id = j.client_ext_id and u.undone_job = j.id limit 1) is not null
    as "isUndone"`,
)}`;

const WITH_COUNTS = sql`left join lateral (select ${COUNTS} from job_rows r
      where ${ROWS_OF_JOB} and j.ended is null) n on true`;

export type ShownJob = JobRow & { readonly isUndone: boolean };

export const READ_JOB = statement('read_job', sql`select ${SHOWN} from jobs j ${WITH_COUNTS} where ${THIS_JOB}`);

/** Newest first. */
export const LIST_JOBS = statement(
  'list_jobs',
  pageOfRows(sql`select ${SHOWN}, ${returns<{ readonly extId: string }>('j.ext_id as "extId"')},
      (1000 + pg_column_size(j.parameters))::integer as octets
    from (select *, id::text collate "C" as ext_id from jobs where ${JOBS.matches('jobs', ['clientExtId'])}) j
    ${WITH_COUNTS} where ${before('j')}`),
);

export const COUNT_JOBS = statement(
  'count_jobs',
  sql`select ${returns<{ readonly total: number }>('count(*)::integer as total')} from jobs j
    where ${JOBS.matches('j', ['clientExtId'])}`,
);

export const FIND_CLIENT_OF_JOBS = shortRead(
  'find_client_of_jobs',
  sql`select 1 from clients where ext_id = ${clientExtId} and deleted_at is null`,
);

/**
 * Locked, so that the deletion of the client finds the job. Other changes of the client need not wait for its rows, whose
 * selection may take long.
 */
export const SHARE_CLIENT_OF_JOB = statement(
  'share_client_of_job',
  sql`select 1 from clients where ext_id = ${clientExtId} and deleted_at is null for key share`,
);

const NEW_COLUMNS = JOBS.columnNames.filter((name) => name !== 'clientExtId');

export const INSERT_JOB = statement(
  'insert_job',
  sql`insert into jobs (client_ext_id, ${JOBS.names(NEW_COLUMNS)})
    values (${clientExtId}, ${JOBS.values(NEW_COLUMNS)})`,
);

/** The new job begins to run, once all its rows are there. */
export const BEGIN_JOB = changeWithAuditEvent('begin_job', {
  write: sql`update jobs j set status = 'running', ${JOBS.assignments(['total'])}
    where ${THIS_JOB} and j.status = 'loading'
    returning null::integer as version, ${NOW} as at`,
});

/** Waits for the rows that are being changed; no further one is changed until the transaction ends. */
export const LOCK_JOB = statement(
  'lock_job',
  sql`select ${JOBS.select('j', ['status', 'kind', 'total'])} from jobs j where ${THIS_JOB} for update`,
);

export const COUNT_ROWS = statement(
  'count_rows_of_job',
  sql`select ${COUNTS}, ${returns<{ readonly open: number }>('count(*) filter (where r.result is null)::integer as open')}
    from jobs j join job_rows r on ${ROWS_OF_JOB} where ${THIS_JOB}`,
);

/** After `LOCK_JOB`. */
export const END_JOB = changeWithAuditEvent('end_job', {
  write: sql`update jobs j set ${JOBS.assignments(['status', ...COUNTED])}, ended = ${NOW}
    where ${THIS_JOB} and j.status in ('loading', 'running')
    returning null::integer as version, ${NOW} as at`,
});

const ROW_COLUMNS = ['position', 'userExtId', 'extId', 'result', 'errors'] as const;

export const MAX_LINES = 500;

/** The next rows of the answer, in order. */
export const READ_ROWS = statement(
  'read_rows_of_job',
  sql`select ${JOB_ROWS.select('r', ROW_COLUMNS)} from jobs j join job_rows r on ${ROWS_OF_JOB}
    where ${THIS_JOB} and r.position > ${position} order by r.position limit ${MAX_LINES}`,
);

const RUN_COLUMNS = [
  'clientExtId',
  'id',
  'kind',
  'parameters',
  'actor',
  'actorClient',
  'permissions',
  'dataRoom',
  'address',
  'requestId',
] as const satisfies readonly (keyof JobRow)[];

/** Of all clients, oldest first. */
export const FIND_RUNNING_JOBS = statement(
  'find_running_jobs',
  sql`select ${JOBS.select('j', RUN_COLUMNS)} from jobs j
    join clients c on c.ext_id = j.client_ext_id and c.deleted_at is null
    where j.status = 'running' order by j.created, j.id`,
);

/** Rows that are read at once. */
const MAX_OPEN_ROWS = 400;

const OPEN_COLUMNS = [
  'position',
  'userExtId',
  'extId',
  'generation',
  'sha256',
  'line',
  'before',
  'versionAfter',
] as const;

/** The next rows without a result, while the job runs. */
export const FIND_OPEN_ROWS = statement(
  'find_open_rows_of_job',
  sql`select ${JOB_ROWS.select('r', OPEN_COLUMNS)} from jobs j join job_rows r on ${ROWS_OF_JOB}
    where ${THIS_JOB} and j.status = 'running' and r.position > ${position} and r.result is null
    order by r.position limit ${MAX_OPEN_ROWS}`,
);

/** What is recorded of a row. */
interface RecordedRow {
  readonly position: number;
  readonly result: RowResult;
  readonly errors: readonly ErrorDetail[] | null;
  readonly versionAfter: number | null;
  readonly before: RowBefore | null;
}

const RECORDED = sql`jsonb_to_recordset(${parameter('rows', json<readonly RecordedRow[]>())}) as d (position integer,
    result text, errors jsonb, "versionAfter" integer, before jsonb)`;

/**
 * In the transaction of the changes: fewer rows if the job has been stopped, or if a row has a result already; the changes are
 * rolled back then. The share lock lets other rows of the job go on, and makes a stop wait. The line of an import is forgotten:
 * one that was refused may contain a password or a private key by mistake.
 */
export const RECORD_ROWS = statement(
  'record_rows_of_job',
  sql`with running as materialized (select j.client_ext_id, j.id from jobs j
      where ${THIS_JOB} and j.status = 'running' for share),
    recorded as (update job_rows r set result = d.result, errors = d.errors, version_after = d."versionAfter",
        before = d.before, line = null
      from running j, ${RECORDED} where ${ROWS_OF_JOB} and r.position = d.position and r.result is null
      returning 1)
    select ${returns<{ readonly count: number }>('count(*)::integer as count')} from recorded`,
);

/** The rows that an undo takes back: those that the job has changed. */
export const INSERT_ROWS_TO_UNDO = statement(
  'insert_rows_to_undo',
  sql`with inserted as (insert into job_rows (client_ext_id, job_id, position, user_ext_id, ext_id, generation, sha256,
        version_after, before)
      select r.client_ext_id, ${id}, row_number() over (order by r.position), r.user_ext_id, r.ext_id, r.generation,
        r.sha256, r.version_after, r.before
      from job_rows r where r.client_ext_id = ${clientExtId} and r.job_id = ${parameter('undoneJob', uuid())}
        and r.result = 'changed'
      returning 1)
    select ${returns<{ readonly total: number }>('count(*)::integer as total')} from inserted`,
);

/** Of one statement. */
export const MAX_REMOVED = 1_000;

const REMOVED = returns<{ readonly removed: number }>('count(*)::integer as removed');
const OF_CLIENT = parameter('ofClientExtId', identifier());

const LOADED_BEFORE = parameter('loadedBefore', instant());

/** Jobs that ended before `endedBefore`, and loads that have been left by their request. */
export const FIND_JOBS_TO_REMOVE = statement(
  'find_jobs_to_remove',
  sql`select ${JOBS.select('j', ['clientExtId', 'id', 'status'])} from jobs j
    where j.ended < ${parameter('endedBefore', instant())}
      or (j.status = 'loading' and j.last_loaded < ${LOADED_BEFORE})
    limit 100`,
);

/**
 * Before its rows are removed one batch after the other: a load that has been closed can neither go on nor begin to run without
 * them. No row if it has gone on, or runs. `ended` is earlier than what is kept, so that an interrupted removal is continued.
 */
export const CLOSE_LOAD = statement(
  'close_load_of_job',
  sql`update jobs j set status = 'stopped', ${JOBS.assignments(['ended'])}
    where j.client_ext_id = ${OF_CLIENT} and j.id = ${id} and j.status = 'loading' and j.last_loaded < ${LOADED_BEFORE}
    returning ${JOBS.select('j', ['id'])}`,
);

export const REMOVE_ROWS_OF_JOB = statement(
  'remove_rows_of_job',
  sql`with removed as (delete from job_rows where ctid = any(array(
      select ctid from job_rows where client_ext_id = ${OF_CLIENT} and job_id = ${id} limit ${MAX_REMOVED}))
      returning 1)
    select ${REMOVED} from removed`,
);

/** Once it has few rows, or none. */
export const REMOVE_JOB = statement(
  'remove_job',
  sql`delete from jobs where client_ext_id = ${OF_CLIENT} and id = ${id}`,
);

/** `selected` has the columns `created`, `user_ext_id`, `ext_id`, `generation` and `sha256`. */
export function insertRows<Parameters>(selected: Sql<Parameters>) {
  return sql`with inserted as (insert into job_rows (client_ext_id, job_id, position, user_ext_id, ext_id, generation,
        sha256)
      select ${clientExtId}, ${id}, row_number() over (order by s.created, s.ext_id), s.user_ext_id, s.ext_id,
        s.generation, s.sha256
      from (${selected}) s
      returning 1)
    select ${returns<{ readonly total: number }>('count(*)::integer as total')} from inserted`;
}
