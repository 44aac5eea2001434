import type { Caller } from '../common/actor.js';
import { uuidV7 } from '../common/uuid-v7.js';
import { identifier } from '../database/column.js';
import { grouped, parameter, returns, type Sql, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { NOW } from '../database/versioned.js';
import type { AuditKind } from './audit-event.model.js';
import { AUDIT_EVENTS } from './audit-event.table.js';

export interface Removal<Before, Remove> {
  /** Expressions that first remove the rows that refer to these. */
  readonly before?: Sql<Before>;
  /**
   * Deletes the rows and returns of each `kind` (an `AuditKind`), `ext_id`, `user_ext_id`, `generation`, `sha256` and
   * `last_modified`.
   */
  readonly remove: Sql<Remove>;
}

const { actor, actorClient, address, clientExtId, requestId } = AUDIT_EVENTS.parameters;
const ID_PREFIX = parameter('idPrefix', identifier());
const EVENT = {
  now: grouped('removal', NOW),
  id: grouped('removal', ID_PREFIX),
  actor: grouped('removal', sql`${actor}, ${actorClient}, ${address}`),
  requestId: grouped('removal', requestId),
};

/**
 * Removes any number of rows, each with its `deleted` audit event, in one round trip. Deleting a client or a user may
 * remove hundreds of thousands.
 */
export function removeWithAuditEvents<Remove, Before = unknown>(
  name: string,
  { before, remove }: Removal<Before, Remove>,
) {
  const first = before === undefined ? sql`` : sql`${before},`;
  return statement(
    name,
    sql`with ${first}
      removed as (${remove}),
      entries as (
        insert into audit_events (client_ext_id, id, at, actor, actor_client, address, action, kind, ext_id, user_ext_id,
          generation, sha256, request_id)
        select ${clientExtId}, overlay(gen_random_uuid()::text placing ${EVENT.id} from 1 for 18)::uuid,
          greatest(${EVENT.now}, r.last_modified), ${EVENT.actor}, 'deleted', r.kind, r.ext_id, r.user_ext_id,
          r.generation, r.sha256, ${EVENT.requestId}
        from removed r)
      select ${returns<{ readonly removed: number }>('count(*)::integer as removed')} from removed`,
  );
}

/** As `removeWithAuditEvents`, without events: answers how many rows of each kind are gone. */
export function removeAndCount<Remove, Before = unknown>(name: string, { before, remove }: Removal<Before, Remove>) {
  const first = before === undefined ? sql`` : sql`${before},`;
  return statement(
    name,
    sql`with ${first} removed as (${remove})
      select r.kind, ${returns<{ readonly kind: AuditKind; readonly removed: number }>('count(*)::integer as removed')}
      from removed r group by r.kind`,
  );
}

/** For the parameter `removal` of such a statement. */
export function removalBy({ actor: by, now, address: from, requestId: request }: Caller) {
  return {
    now,
    // The time, version and counter of a UUIDv7; the database appends random bits. The events sort after earlier ones.
    idPrefix: uuidV7(now).slice(0, 18),
    actor: by.userExtId,
    actorClient: by.clientExtId,
    address: from ?? null,
    requestId: request,
  };
}
