import type { Statement } from '../database/database.js';
import { insertIntoTrail } from './trail-event.js';

export interface Change {
  readonly name: string;
  /** Common table expressions that lock what the change was judged by, in the order client, user, policy. */
  readonly locks?: readonly string[];
  /** Writes and returns `version` and `at`, and whatever else the caller wants back; its $1 is the client. */
  readonly write: string;
  /** Common table expressions that write what belongs to it elsewhere, only where it was made: they read `changed`. */
  readonly also?: readonly string[];
  /** How many parameters all of these take; those of the trail come after them. */
  readonly parameters: number;
}

/**
 * A change and its line of the trail as one statement: one round trip, one commit, and neither without the other. It
 * answers what `write` returns, no row where the change did not happen.
 */
export function changeWithTrail(change: Change): Statement {
  const expressions = [
    ...(change.locks ?? []),
    `changed as (${change.write})`,
    ...(change.also ?? []),
    `entry as (${insertIntoTrail('changed', change.parameters + 1)})`,
  ];
  return { name: change.name, text: `with ${expressions.join(',\n')}\nselect * from changed` };
}
