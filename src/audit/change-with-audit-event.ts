import type { Caller } from '../common/actor.js';
import { uuidV7 } from '../common/uuid-v7.js';
import { grouped, type Sql, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import type { AuditEvent } from './audit-event.model.js';
import { AUDIT_EVENTS, type AuditEventRow, EVENT_COLUMNS } from './audit-event.table.js';

type EventValues = Pick<AuditEventRow, (typeof EVENT_COLUMNS)[number]>;

interface Change<Locks, Write, Also, Result> {
  /** Expressions that lock the rows on which the decision is based, in the order of `database/locks.ts`. */
  readonly locks?: Sql<Locks>;
  /** Writes the row and returns `version`, `at` and whatever else the caller needs. */
  readonly write: Sql<Write, Result>;
  /**
   * Expressions that write related rows in other tables. They read `changed`, so they write only if the change was
   * made.
   */
  readonly also?: Sql<Also>;
}

const EVENT = grouped('event', AUDIT_EVENTS.values(EVENT_COLUMNS));

/**
 * Combines a change and its audit event in one statement: one round trip, one commit, and both are written or neither.
 * Returns what `write` returns, or no row if nothing was changed.
 */
export function changeWithAuditEvent<Result, Write, Locks = unknown, Also = unknown>(
  name: string,
  { locks, write, also }: Change<Locks, Write, Also, Result>,
) {
  const before = locks === undefined ? sql`` : sql`${locks},`;
  const beside = also === undefined ? sql`` : sql`${also},`;
  return statement(
    name,
    sql`with ${before}
      changed as (${write}), ${beside}
      entry as (insert into audit_events (client_ext_id, at, version, ${AUDIT_EVENTS.names(EVENT_COLUMNS)})
        select ${AUDIT_EVENTS.parameters.clientExtId}, changed.at, changed.version, ${EVENT} from changed)
      select * from changed`,
  );
}

/** For `also`: a second audit event of the same change, without a version. `group` is the parameter with its values. */
export function furtherEvent<Group extends string>(group: Group) {
  return sql`further_entry as (insert into audit_events (client_ext_id, at, ${AUDIT_EVENTS.names(EVENT_COLUMNS)})
    select ${AUDIT_EVENTS.parameters.clientExtId}, changed.at, ${grouped(group, AUDIT_EVENTS.values(EVENT_COLUMNS))}
    from changed)`;
}

/** The value of the parameter `event` of such a statement. */
export function auditEvent(
  caller: Pick<Caller, 'actor' | 'now' | 'requestId' | 'address'>,
  event: AuditEvent,
): EventValues {
  return {
    id: uuidV7(caller.now),
    actor: caller.actor.userExtId,
    actorClient: caller.actor.clientExtId,
    address: caller.address ?? null,
    action: event.action,
    code: event.code ?? null,
    kind: event.kind,
    extId: event.extId,
    userExtId: event.userExtId ?? null,
    generation: event.generation ?? null,
    changes: event.changes ?? null,
    after: event.after ?? null,
    sha256: event.sha256 ?? null,
    der: event.der ?? null,
    reason: event.reason ?? null,
    comment: event.comment ?? null,
    requestId: caller.requestId,
  };
}
