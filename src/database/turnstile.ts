import type { Statement } from './database.js';
import { ADVISORY_LOCKS } from './locks.js';

/**
 * PostgreSQL lets a new `for share` pass one who waits to update the row, so that under enough changes of credentials
 * their policy could never be changed, nor their user be disabled. Hence turnstiles, pairs of advisory locks that are
 * granted in the order in which they are asked for: whoever is about to share-lock a row passes, whoever changes one
 * closes it first. They are given back with the transaction.
 *
 * A user has one of his own, which comes before his row. A client has one for its policies, which comes after the users,
 * for whom its holder would otherwise make everybody wait, and before policies and credentials.
 */
const KEY = `hashtextextended($1::text, ${ADVISORY_LOCKS.policies})`;

/** What a statement of several expressions goes on with once it has passed or closed. */
export const PASSED = 'exists (select 1 from turnstile)';

/** Passes once `condition` is known to hold. */
export function passTurnstileIf(condition: string): string {
  return `turnstile as materialized (select 1 from pg_advisory_xact_lock_shared(${KEY}) where ${condition})`;
}

/** The same inside a transaction. $1 client. */
export const PASS_TURNSTILE: Statement = {
  name: 'pass_turnstile',
  text: `select 1 from pg_advisory_xact_lock_shared(${KEY})`,
};

/** What a statement of several expressions goes on with once it has passed or closed the user's. */
export const USER_PASSED = 'exists (select 1 from user_turnstile)';

/** `user`: the parameter that holds the extId; $1 is the client. */
export function passUserTurnstile(user: string): string {
  return `user_turnstile as materialized (select 1 from pg_advisory_xact_lock_shared(${keyOfUser(user)}))`;
}

export function closeUserTurnstile(user: string): string {
  return `user_turnstile as materialized (select 1 from pg_advisory_xact_lock(${keyOfUser(user)}))`;
}

function keyOfUser(user: string): string {
  return `hashtextextended(${user}::text, hashtextextended($1::text, ${ADVISORY_LOCKS.user}))`;
}
