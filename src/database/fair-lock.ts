import { identifier } from './column.js';
import { ADVISORY_LOCKS } from './locks.js';
import { parameter, type Sql, sql } from './sql.js';
import { statement } from './statement.js';

/**
 * PostgreSQL lets a new `for share` overtake a transaction that waits to update the row, so with enough changes of
 * credentials their policy could never be changed, nor their user disabled. Therefore fair locks are used: advisory
 * locks, which are granted in the order of the requests. A transaction that share-locks a row first takes its fair lock
 * in shared mode; one that changes the row takes it exclusively. They end with the transaction; `locks.ts` defines
 * their place in the order of all locks.
 */
const CLIENT = parameter('clientExtId', identifier());
const POLICIES_KEY = sql`hashtextextended(${CLIENT}, ${ADVISORY_LOCKS.policies})`;

/** An expression of a statement, which must continue only if `POLICIES_LOCKED` is true. */
export const LOCK_POLICIES_ALONE = sql`policies_lock as materialized (select 1 from pg_advisory_xact_lock(${POLICIES_KEY}))`;

export const POLICIES_LOCKED = sql`exists (select 1 from policies_lock)`;

/** In shared mode, once `condition` is known to be true. */
export function sharePoliciesIf<Parameters>(condition: Sql<Parameters>) {
  return sql`policies_lock as materialized
    (select 1 from pg_advisory_xact_lock_shared(${POLICIES_KEY}) where ${condition})`;
}

export const SHARE_POLICIES_OF_CLIENT = statement(
  'share_policies_of_client',
  sql`select 1 from pg_advisory_xact_lock_shared(${POLICIES_KEY})`,
);

/** The same as a separate statement inside a transaction. */
export const LOCK_POLICIES_OF_CLIENT = statement(
  'lock_policies_of_client',
  sql`select 1 from pg_advisory_xact_lock(${POLICIES_KEY})`,
);

export const USER_LOCKED = sql`exists (select 1 from user_lock)`;

/** `user` is the parameter with the extId. */
export function lockUserAlone<Parameters>(user: Sql<Parameters>) {
  return sql`user_lock as materialized (select 1 from pg_advisory_xact_lock(${keyOfUser(user)}))`;
}

export function shareUser<Parameters>(user: Sql<Parameters>) {
  return sql`user_lock as materialized (select 1 from pg_advisory_xact_lock_shared(${keyOfUser(user)}))`;
}

function keyOfUser<Parameters>(user: Sql<Parameters>) {
  return sql`hashtextextended(${user}, hashtextextended(${CLIENT}, ${ADVISORY_LOCKS.user}))`;
}
