import type { Caller } from '../common/actor.js';
import { uuidV7 } from '../common/uuid-v7.js';
import { identifier } from '../database/column.js';
import { grouped, parameter, returns, type Sql, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { NOW } from '../database/versioned.js';
import type { AuditKind } from './audit-event.model.js';
import { AUDIT_EVENTS } from './audit-event.table.js';

export interface Removal<Before, Remove> {
  /** Expressions that remove first what refers to these rows. */
  readonly before?: Sql<Before>;
  /**
   * Deletes, and answers of each row `kind` (an `AuditKind`), `ext_id`, `user_ext_id`, `generation`, `sha256` and
   * `last_modified`.
   */
  readonly remove: Sql<Remove>;
}

const { actor, actorClient, address, clientExtId, requestId } = AUDIT_EVENTS.parameters;
const BEGIN_OF_ID = parameter('beginOfId', identifier());
const EVENT = {
  now: grouped('removal', NOW),
  id: grouped('removal', BEGIN_OF_ID),
  actor: grouped('removal', sql`${actor}, ${actorClient}, ${address}`),
  requestId: grouped('removal', requestId),
};

/**
 * Removes any number of rows, each with its `deleted` audit event, in one round trip: what a client or a user takes
 * along may be hundreds of thousands.
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
    // Time, version and count of a UUIDv7 over random ones: made in the database, and sorted behind what came before.
    beginOfId: uuidV7(now).slice(0, 18),
    actor: by.userExtId,
    actorClient: by.clientExtId,
    address: from ?? null,
    requestId: request,
  };
}
