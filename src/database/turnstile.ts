import type { Statement } from './database.js';

/**
 * PostgreSQL lets a new `for share` pass one who waits to update the row, so that under enough changes of credentials
 * their policy could never be changed. A client has a turnstile, a pair of advisory locks that are granted in the order
 * in which they are asked for: whoever is about to share-lock a policy passes, whoever changes one closes it first. It
 * comes after the client and the users, for which its holder would otherwise make everybody wait, and before policies
 * and credentials; it is given back with the transaction.
 */
const KEY = 'hashtextextended($1::text, 7245118905)';

/** What a statement of several expressions goes on with once it has passed or closed. */
export const PASSED = 'exists (select 1 from turnstile)';

/** Passes once `condition` is known to hold. */
export function passTurnstileIf(condition: string): string {
  return `turnstile as materialized (select 1 from pg_advisory_xact_lock_shared(${KEY}) where ${condition})`;
}

export const CLOSE_TURNSTILE_EXPRESSION = `turnstile as materialized (select 1 from pg_advisory_xact_lock(${KEY}))`;

/** The same inside a transaction. $1 client. */
export const PASS_TURNSTILE: Statement = {
  name: 'pass_turnstile',
  text: `select 1 from pg_advisory_xact_lock_shared(${KEY})`,
};

export const CLOSE_TURNSTILE: Statement = {
  name: 'close_turnstile',
  text: `select 1 from pg_advisory_xact_lock(${KEY})`,
};
