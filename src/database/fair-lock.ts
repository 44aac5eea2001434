import { identifier } from './column.js';
import { ADVISORY_LOCKS } from './locks.js';
import { parameter, type Sql, sql } from './sql.js';
import { statement } from './statement.js';

/**
 * PostgreSQL lets a new `for share` pass one who waits to update the row, so that under enough changes of credentials
 * their policy could never be changed, nor their user be disabled. Hence fair locks, advisory locks that are granted in
 * the order in which they are asked for: whoever is about to share-lock a row shares the fair lock first, whoever
 * changes the row takes it alone. They end with the transaction; `locks.ts` has their place in the order of all locks.
 */
const CLIENT = parameter('clientExtId', identifier());
const POLICIES_KEY = sql`hashtextextended(${CLIENT}, ${ADVISORY_LOCKS.policies})`;

/** An expression of a statement, which goes on where `POLICIES_LOCKED` holds. */
export const LOCK_POLICIES_ALONE = sql`policies_lock as materialized (select 1 from pg_advisory_xact_lock(${POLICIES_KEY}))`;

export const POLICIES_LOCKED = sql`exists (select 1 from policies_lock)`;

/** Shared, once `condition` is known to hold. */
export function sharePoliciesIf<Parameters>(condition: Sql<Parameters>) {
  return sql`policies_lock as materialized
    (select 1 from pg_advisory_xact_lock_shared(${POLICIES_KEY}) where ${condition})`;
}

export const SHARE_POLICIES_OF_CLIENT = statement(
  'share_policies_of_client',
  sql`select 1 from pg_advisory_xact_lock_shared(${POLICIES_KEY})`,
);

/** As a statement of its own, inside a transaction. */
export const LOCK_POLICIES_OF_CLIENT = statement(
  'lock_policies_of_client',
  sql`select 1 from pg_advisory_xact_lock(${POLICIES_KEY})`,
);

export const USER_LOCKED = sql`exists (select 1 from user_lock)`;

/** `user` is the parameter that holds the extId. */
export function lockUserAlone<Parameters>(user: Sql<Parameters>) {
  return sql`user_lock as materialized (select 1 from pg_advisory_xact_lock(${keyOfUser(user)}))`;
}

export function shareUser<Parameters>(user: Sql<Parameters>) {
  return sql`user_lock as materialized (select 1 from pg_advisory_xact_lock_shared(${keyOfUser(user)}))`;
}

function keyOfUser<Parameters>(user: Sql<Parameters>) {
  return sql`hashtextextended(${user}, hashtextextended(${CLIENT}, ${ADVISORY_LOCKS.user}))`;
}
