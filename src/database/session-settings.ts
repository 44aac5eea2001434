/** A request that waits longer for a row lock or a fair lock is refused, and can be sent again. */
const LOCK_TIMEOUT_MS = 500;

/** PostgreSQL's settings for requests: at the start of a connection, or in each transaction through a pooler. */
export function sessionSettings(statementTimeoutMs: number) {
  return {
    // A locked row must not keep connections occupied.
    lock_timeout: LOCK_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    // A forgotten transaction must not keep its rows locked.
    idle_in_transaction_session_timeout: statementTimeoutMs * 2,
    timezone: 'UTC',
    // An administrator may have set others for the database or the role. The driver reads dates as null in another style,
    // literals with a backslash would mean something else, and the warning that no standby has a commit would be missing.
    datestyle: 'ISO',
    standard_conforming_strings: 'on',
    client_min_messages: 'warning',
    // Every statement has an index. A prepared statement keeps its plan, and a plan made while a table was empty
    // would scan the whole table until the next analyze: a minute later, creating a key store took three times as
    // long.
    enable_seqscan: 'off',
    // Every search reads the list of what was written last as a whole. With the default of 4 MB, that took longer than the
    // rest of a search for a part, and emptying it was one write's work.
    gin_pending_list_limit: '1MB',
  } as const;
}
