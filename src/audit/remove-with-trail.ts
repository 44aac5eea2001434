import type { Caller } from '../common/actor.js';
import { uuidV7 } from '../common/uuid-v7.js';
import type { Statement } from '../database/database.js';

export interface Removal {
  readonly name: string;
  /** Common table expressions that remove first what refers to these rows. */
  readonly before?: readonly string[];
  /**
   * Deletes, and returns of each row `kind` (an `AuditKind`), `ext_id`, `user_ext_id`, `incarnation`, `sha256` and
   * `last_modified`; its $1 is the client.
   */
  readonly remove: string;
  /** How many parameters it takes; those of `removalValues` come after them. */
  readonly parameters: number;
}

/**
 * Removes any number of rows, each with its `deleted` line of the trail, in one round trip: what a client or a user
 * takes along may be hundreds of thousands.
 */
export function removeWithTrail({ name, before = [], remove, parameters }: Removal): Statement {
  const [now, id, actor, actorClient, requestId] = [1, 2, 3, 4, 5].map((offset) => `$${parameters + offset}`);
  const expressions = [
    ...before,
    `removed as (${remove})`,
    `entries as (
      insert into trail (client_ext_id, id, at, actor, actor_client, action, kind, ext_id, user_ext_id, incarnation,
        sha256, request_id)
      select $1, overlay(gen_random_uuid()::text placing ${id}::text from 1 for 18)::uuid,
        greatest(${now}::timestamptz, r.last_modified), ${actor}::text, ${actorClient}::text, 'deleted', r.kind,
        r.ext_id, r.user_ext_id, r.incarnation, r.sha256, ${requestId}::text
      from removed r)`,
  ];
  return { name, text: `with ${expressions.join(',\n')}\nselect count(*)::integer as removed from removed` };
}

export function removalValues(caller: Caller): readonly unknown[] {
  // Time, version and count of a UUIDv7 over random ones: made in the database, and sorted behind what came before.
  const timeAndCount = uuidV7(caller.now).slice(0, 18);
  return [caller.now, timeAndCount, caller.actor.userExtId, caller.actor.clientExtId, caller.requestId];
}
