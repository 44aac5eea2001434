import type { ErrorDetail } from '../common/errors.js';
import { formatInstant } from '../common/instant.js';
import { ApiProperty, ApiPropertyOptional } from '../http/openapi/swagger.js';
import { JOB_KINDS, JOB_STATUSES, type JobKind, type JobStatus, ROW_RESULTS, type RowResult } from './job.model.js';
import type { ShownJob } from './job.queries.js';
import { undoableUntil } from './job.rules.js';

const count = (description: string) => ApiProperty({ type: 'integer', minimum: 0, description, example: 12 });
const instantOf = { type: 'string', format: 'date-time', example: '2026-06-01T12:00:00Z' } as const;

/** A job (contract 17.2). */
export class JobResource {
  @ApiProperty({ type: 'string', format: 'uuid' })
  readonly id!: string;

  @ApiProperty({ enum: JOB_KINDS, description: 'What it does with each row.', example: 'disable' })
  readonly action!: JobKind;

  @ApiProperty({ enum: JOB_STATUSES, example: 'running' })
  readonly status!: JobStatus;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What was asked for: the filter or the number of ids, and the parameters of the action.',
    example: { filter: { keyType: 'RSA:2048' }, modificationComment: 'The key type is retired.' },
  })
  readonly parameters!: Readonly<Record<string, unknown>>;

  @ApiProperty({ description: 'Who made it: the `sub` of the caller.', example: 'helper-7' })
  readonly actor!: string;

  @count('Rows of the job.')
  readonly total!: number;

  @count('Rows that have been changed.')
  readonly changed!: number;

  @count('Rows in which nothing was to change.')
  readonly unchanged!: number;

  @count('Rows whose change was refused.')
  readonly refused!: number;

  @count('Rows whose record does not exist any more.')
  readonly gone!: number;

  @ApiProperty(instantOf)
  readonly created!: string;

  @ApiPropertyOptional({ ...instantOf, description: 'Absent while it runs.' })
  readonly ended!: string | undefined;

  @ApiPropertyOptional({ ...instantOf, description: 'Until when it can be undone; absent if it cannot.' })
  readonly undoUntil!: string | undefined;

  @ApiPropertyOptional({ type: 'string', format: 'uuid', description: 'Of an undo: the job that it takes back.' })
  readonly undoneJob!: string | undefined;
}

/** One line of the results of a job: what became of a row. */
export class JobRowResource {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'In the order of the selection.' })
  readonly position!: number;

  @ApiPropertyOptional({ type: 'string', example: 'user-123' })
  readonly userExtId!: string | undefined;

  @ApiPropertyOptional({ type: 'string', example: 'cert-123' })
  readonly extId!: string | undefined;

  @ApiPropertyOptional({ enum: ROW_RESULTS, description: 'Absent until the row is done.', example: 'changed' })
  readonly result!: RowResult | undefined;

  @ApiPropertyOptional({
    type: 'array',
    items: { $ref: '#/components/schemas/ErrorDetail' },
    description: 'Why it was refused.',
  })
  readonly errors!: readonly (ErrorDetail & { readonly requestId: string })[] | undefined;
}

export function jobResource(job: ShownJob, now: Date): JobResource {
  const until = undoableUntil(job, now);
  return {
    id: job.id,
    action: job.kind,
    status: job.status,
    parameters: job.parameters,
    actor: job.actor,
    total: job.total,
    changed: job.changed,
    unchanged: job.unchanged,
    refused: job.refused,
    gone: job.gone,
    created: formatInstant(job.created),
    ended: job.ended === null ? undefined : formatInstant(job.ended),
    undoUntil: until === undefined ? undefined : formatInstant(until),
    undoneJob: job.undoneJob ?? undefined,
  };
}

interface ResultRow {
  readonly position: number;
  readonly userExtId: string | null;
  readonly extId: string | null;
  readonly result: RowResult | null;
  readonly errors: readonly ErrorDetail[] | null;
}

export function jobRowResource(row: ResultRow, requestId: string): JobRowResource {
  return {
    position: row.position,
    userExtId: row.userExtId ?? undefined,
    extId: row.extId ?? undefined,
    result: row.result ?? undefined,
    errors: row.errors?.map((error) => ({ ...error, requestId })),
  };
}
