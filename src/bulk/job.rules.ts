import type { JobKind, RowResult } from './job.model.js';

/** After the end of the job. */
const UNDOABLE_MS = 3_600_000;

const UNDOABLE: ReadonlySet<JobKind> = new Set(['disable', 'enable', 'move']);

interface EndedJob extends Readonly<Record<RowResult, number>> {
  readonly kind: JobKind;
  readonly ended: Date | null;
  readonly isUndone: boolean;
}

/** Until when the changes of a job can be undone (contract 17.3); undefined if they cannot. */
export function undoableUntil({ kind, ended, isUndone, changed }: EndedJob, now: Date): Date | undefined {
  if (ended === null || isUndone || changed === 0 || !UNDOABLE.has(kind)) return undefined;
  const until = new Date(ended.getTime() + UNDOABLE_MS);
  return now < until ? until : undefined;
}
