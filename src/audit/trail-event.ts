import type { Caller } from '../common/actor.js';
import { snakeCase } from '../database/table.js';
import type { AuditEvent } from './audit-event.model.js';
import { AUDIT_EVENTS, EVENT_COLUMNS } from './audit-event.table.js';
import { auditEvent } from './change-with-audit-event.js';

export type TrailEvent = AuditEvent;

/**
 * The insert that appends to the trail, as part of a statement whose $1 is the client: `source` is a row with the
 * columns `version` and `at`, and the values of `trailValues` begin at $`first`.
 */
export function insertIntoTrail(source: string, first: number): string {
  const parameters = EVENT_COLUMNS.map((column, index) => `$${first + index}::${AUDIT_EVENTS.columns[column].type}`);
  return `insert into trail (client_ext_id, at, version, ${EVENT_COLUMNS.map(snakeCase).join(', ')})
    select $1, source.at, source.version, ${parameters.join(', ')} from ${source} as source`;
}

/** In the order of the columns above. */
export function trailValues(
  caller: Pick<Caller, 'actor' | 'now' | 'requestId'>,
  event: TrailEvent,
): readonly unknown[] {
  const values = auditEvent(caller, event);
  return EVENT_COLUMNS.map((column) => values[column]);
}
