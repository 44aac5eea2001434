import type { ErrorDetail } from '../common/errors.js';
import type { Permission } from '../common/permission.js';

/** What a job does with each of its rows. */
export const JOB_KINDS = ['disable', 'enable', 'move', 'delete', 'undo', 'import'] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/** The kinds that a caller asks for by a selection (contract 17.1). */
export const BULK_ACTIONS = ['disable', 'enable', 'move', 'delete'] as const satisfies readonly JobKind[];
export type BulkAction = (typeof BULK_ACTIONS)[number];

/** `loading`: its rows are still being received. */
export const JOB_STATUSES = ['loading', 'running', 'stopped', 'completed'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** What became of a row. `gone`: there is no such record any more. */
export const ROW_RESULTS = ['changed', 'unchanged', 'refused', 'gone'] as const;
export type RowResult = (typeof ROW_RESULTS)[number];

/** The parameters as they were sent, for the row action and for readers of the job. */
export type JobParameters = Readonly<Record<string, unknown>>;

/** The caller as authenticated when the job was made; every row is changed in their name. */
export interface JobCaller {
  readonly actor: string;
  readonly actorClient: string;
  readonly permissions: readonly Permission[];
  readonly dataRoom: 'all' | readonly string[];
  readonly address: string | null;
  readonly requestId: string;
}

/** A job as far as its rows depend on it. */
export interface Job extends JobCaller {
  readonly clientExtId: string;
  readonly id: string;
  readonly kind: JobKind;
  readonly parameters: JobParameters;
}

/** What a change overwrote, so that it can be undone. */
export type RowBefore = Readonly<Record<string, unknown>>;

/** A row that has no result yet. */
export interface OpenRow {
  readonly position: number;
  /** Null for a line of an import that does not say it. */
  readonly userExtId: string | null;
  readonly extId: string | null;
  /** The certificate that was selected. */
  readonly generation: string | null;
  readonly sha256: Buffer | null;
  /** Of an import. */
  readonly line: JobParameters | null;
  /** Of a row that is undone: what to bring back, and the version that must still be the current one. */
  readonly before: RowBefore | null;
  readonly versionAfter: number | null;
}

/** What is recorded of a row, in the transaction of its change. */
export interface RowOutcome {
  readonly result: RowResult;
  readonly errors?: readonly ErrorDetail[];
  readonly versionAfter?: number;
  readonly before?: RowBefore;
}
