import { changeWithAuditEvent } from '../audit/change-with-audit-event.js';
import { sql } from '../database/sql.js';
import { NOW } from '../database/versioned.js';
import { DENIED } from '../denials/denied.js';
import { CREDENTIALS } from './credential.table.js';

const { clientExtId, lastFailure, lastSuccess } = CREDENTIALS.parameters;

/** The columns of `LockState`. */
export const LOGIN_COLUMNS = [
  'lock',
  'lockedUntil',
  'lockReason',
  'failures',
  'failuresSinceLock',
  'successes',
] as const satisfies readonly (typeof CREDENTIALS.columnNames)[number][];

/** Either `lastSuccess` or `lastFailure` is now, the other is null. A lock of a certificate is a denial. */
export const COUNT_LOGIN = changeWithAuditEvent('count_login', {
  write: sql`update credentials c set last_success = coalesce(${lastSuccess}, c.last_success),
      last_failure = coalesce(${lastFailure}, c.last_failure), ${CREDENTIALS.assignments(LOGIN_COLUMNS)}
    where ${CREDENTIALS.matches('c', ['clientExtId', 'extId'])}
    returning null::integer as version, ${NOW} as at`,
  also: DENIED,
});

/** Writes the audit event of a failure that is not counted, if the client exists. */
export const NOTE_LOGIN = changeWithAuditEvent('note_login', {
  write: sql`select null::integer as version, ${NOW} as at
      where exists (select 1 from clients where ext_id = ${clientExtId} and deleted_at is null)`,
});
