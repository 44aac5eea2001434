import type { ErrorDetail } from '../../common/errors.js';
import { json } from '../../database/column.js';
import { parameter, returns, sql } from '../../database/sql.js';
import { statement } from '../../database/statement.js';
import type { JobParameters } from '../job.model.js';
import { JOB_ROWS, JOBS } from '../job.table.js';

const { clientExtId, id } = JOBS.parameters;
const { position } = JOB_ROWS.parameters;

/** A line as it is stored: with its members, or refused already because it cannot be read. */
export interface LoadedLine {
  readonly position: number;
  readonly userExtId: string | null;
  readonly extId: string | null;
  readonly line: JobParameters | null;
  readonly result: 'refused' | null;
  readonly errors: readonly ErrorDetail[] | null;
}

const LINES = sql`jsonb_to_recordset(${parameter('lines', json<readonly LoadedLine[]>())}) as l (position integer,
    "userExtId" text, "extId" text, line jsonb, result text, errors jsonb)`;

/** No row if the job has been stopped or removed meanwhile. */
export const INSERT_LINES = statement(
  'insert_lines_of_import',
  sql`with loading as (update jobs j set ${JOBS.assignments(['lastLoaded'])}
      where ${JOBS.matches('j', ['clientExtId', 'id'])} and j.status = 'loading' returning j.client_ext_id, j.id),
    inserted as (insert into job_rows (client_ext_id, job_id, position, user_ext_id, ext_id, line, result, errors)
      select j.client_ext_id, j.id, l.position, l."userExtId", l."extId", l.line, l.result, l.errors
      from loading j, ${LINES})
    select ${returns<{ readonly loading: number }>('1 as loading')} from loading`,
);

const COLUMNS = ['position', 'userExtId', 'extId', 'line', 'result', 'errors'] as const;

/** Lines of one transaction of a dry run, which keeps what they would change locked for as long. */
const MAX_TRIED = 50;

/** The next lines of an import that is still loading; also says that somebody still works on it. */
export const READ_LOADED_LINES = statement(
  'read_loaded_lines_of_import',
  sql`with loading as (update jobs j set ${JOBS.assignments(['lastLoaded'])}
      where ${JOBS.matches('j', ['clientExtId', 'id'])} and j.status = 'loading' returning j.client_ext_id, j.id)
    select ${JOB_ROWS.select('r', COLUMNS)} from loading j
    join job_rows r on r.client_ext_id = j.client_ext_id and r.job_id = j.id
    where r.position > ${position} order by r.position limit ${MAX_TRIED}`,
);

export const READ_LOADED_LINE = statement(
  'read_loaded_line_of_import',
  sql`select ${JOB_ROWS.select('r', COLUMNS)} from job_rows r
    where r.client_ext_id = ${clientExtId} and r.job_id = ${id} and r.position = ${position}`,
);
