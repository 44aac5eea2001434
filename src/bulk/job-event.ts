import type { AuditEvent } from '../audit/audit-event.model.js';
import type { Changes } from '../audit/changes.rules.js';
import type { JobKind, JobParameters, JobStatus, RowResult } from './job.model.js';

type Counts = Readonly<Record<RowResult, number>>;

/** The event of a job that begins: what it is to do, and with how many rows. */
export function begunEvent(
  id: string,
  { kind, parameters, total }: { readonly kind: JobKind; readonly parameters: JobParameters; readonly total: number },
): AuditEvent {
  const members = { action: kind, ...parameters, total };
  const changes = Object.fromEntries(
    Object.entries(members).map(([name, value]) => [name, { to: textOf(value) }] as const),
  );
  return { action: 'created', kind: 'job', extId: id, changes };
}

/** The event of a job that has ended, with what became of its rows. */
export function endedEvent(id: string, from: JobStatus, status: JobStatus, counts: Counts): AuditEvent {
  const { changed, unchanged, refused, gone } = counts;
  const results = Object.entries({ changed, unchanged, refused, gone });
  const changes: Changes = {
    status: { from, to: status },
    ...Object.fromEntries(results.map(([result, count]) => [result, { to: count }] as const)),
  };
  return { action: 'changed', kind: 'job', extId: id, changes };
}

/** A filter is an object; the values of a change are shown as they are sent. */
function textOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}
