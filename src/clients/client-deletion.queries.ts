import { changeWithAuditEvent } from '../audit/change-with-audit-event.js';
import { type Removal, removeAndCount, removeWithAuditEvents } from '../audit/remove-with-audit-events.js';
import { identifier, instant, json, texts } from '../database/column.js';
import { lockUserAlone, USER_LOCKED } from '../database/fair-lock.js';
import { parameter, returns, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { NOW, REMOVED } from '../database/versioned.js';
import { DENIED } from '../denials/denied.js';
import { CLIENT_EXT_ID } from './client.queries.js';
import { CLIENTS, type RemovedCounts } from './client.table.js';

/** Maximum number of rows of a kind that one transaction removes, so that transactions stay short. */
export const BATCH_SIZE = 500;

/** Only the extId of the client remains, which is never reused. Nobody of the client can log in any more. */
export const SOFT_DELETE_CLIENT = statement(
  'soft_delete_client',
  sql`with deleted as (update clients c set deleted_at = ${NOW}, ${CLIENTS.assignments(['deletion'])},
        display_name = null, remarks = null
      where c.ext_id = ${CLIENT_EXT_ID} and c.deleted_at is null returning c.*),
    changed as (select c.deleted_at as at from deleted c), ${DENIED}
    select ${CLIENTS.select('c', ['extId', 'generation'])} from deleted c`,
);

/** Clients whose deletion has not finished. */
export const READ_UNFINISHED_DELETIONS = statement(
  'read_unfinished_deletions',
  sql`select ${CLIENTS.select('c', ['extId', 'generation', 'deletion', 'deletedAt'])} from clients c
    where c.deletion is not null and c.deleted_at <= ${parameter('before', instant())} order by c.ext_id limit 100`,
);

/** Marks the deletion as finished once the client is empty. */
export const FINISH_DELETION = changeWithAuditEvent('finish_deletion_of_client', {
  write: sql`update clients set deletion = null where ext_id = ${CLIENT_EXT_ID} and deletion is not null
    returning ${REMOVED}`,
});

/** In the transaction that has removed them, so that no count is lost or made twice. */
export const NOTE_REMOVED = statement(
  'note_removed_of_client',
  sql`update clients set deletion = jsonb_set(deletion, '{removed}', ${parameter('removed', json<RemovedCounts>())})
    where ext_id = ${CLIENT_EXT_ID} and deletion is not null`,
);

export const READ_REMOVED = statement(
  'read_removed_of_client',
  sql`select ${returns<{ readonly removed: RemovedCounts | null }>(`deletion -> 'removed' as removed`)} from clients
    where ext_id = ${CLIENT_EXT_ID} for no key update`,
);

export const READ_USERS_TO_REMOVE = statement(
  'read_users_to_remove',
  sql`select ${returns<{ readonly extId: string }>('ext_id as "extId"')} from users
    where client_ext_id = ${CLIENT_EXT_ID} order by ext_id limit 50`,
);

const USER = parameter('userExtId', identifier());

/** Locks the user like any other change, so that changes of credentials cannot block the deletion. */
export const LOCK_USER_TO_REMOVE = statement(
  'lock_user_to_remove',
  sql`with ${lockUserAlone(USER)}
    select 1 from users where client_ext_id = ${CLIENT_EXT_ID} and ext_id = ${USER} and ${USER_LOCKED} for update`,
);

const USERS = parameter('userExtIds', texts());

/** Each row with an audit event of its own, or all of a kind with a count. */
function removal<Before, Remove>(name: string, parts: Removal<Before, Remove>) {
  return { each: removeWithAuditEvents(name, parts), counted: removeAndCount(`${name}_counted`, parts) };
}

export const REMOVE_CREDENTIALS = removal('remove_credentials_of_client', {
  before: sql`chosen as (select ext_id from credentials
      where client_ext_id = ${CLIENT_EXT_ID} and user_ext_id = any(${USERS}) limit ${BATCH_SIZE}),
    removed_passwords as (delete from passwords
      where client_ext_id = ${CLIENT_EXT_ID} and credential_ext_id in (select ext_id from chosen))`,
  remove: sql`delete from credentials
    where client_ext_id = ${CLIENT_EXT_ID} and ext_id in (select ext_id from chosen)
    returning case type when 'Password' then 'password' else 'certificate' end as kind,
      ext_id, user_ext_id, generation, sha256, last_modified`,
});

export const REMOVE_USERS = removal('remove_users_of_client', {
  remove: sql`delete from users where client_ext_id = ${CLIENT_EXT_ID} and ext_id = any(${USERS})
    returning 'user' as kind, ext_id, ext_id as user_ext_id, generation, null::bytea as sha256, last_modified`,
});

export const REMOVE_POLICIES = removal('remove_policies_of_client', {
  remove: sql`delete from policies where client_ext_id = ${CLIENT_EXT_ID}
      and ext_id in (select ext_id from policies where client_ext_id = ${CLIENT_EXT_ID} limit ${BATCH_SIZE})
    returning 'policy' as kind, ext_id, null::text as user_ext_id, generation, null::bytea as sha256, last_modified`,
});

export const REMOVE_TRUST_SETS = removal('remove_trust_sets_of_client', {
  remove: sql`delete from trust_anchor_sets where client_ext_id = ${CLIENT_EXT_ID}
      and ext_id in (select ext_id from trust_anchor_sets where client_ext_id = ${CLIENT_EXT_ID} limit ${BATCH_SIZE})
    returning 'trustAnchorSet' as kind, ext_id, null::text as user_ext_id, generation, null::bytea as sha256,
      last_modified`,
});

/** The reconciler erases the secrets in the vault that no row refers to any more. */
export const REMOVE_KEY_STORES = removal('remove_key_stores_of_client', {
  before: sql`deleted_before as (delete from key_stores
    where client_ext_id = ${CLIENT_EXT_ID} and deleted_at is not null)`,
  remove: sql`delete from key_stores where client_ext_id = ${CLIENT_EXT_ID} and deleted_at is null
      and id in (select id from key_stores where client_ext_id = ${CLIENT_EXT_ID} and deleted_at is null
        limit ${BATCH_SIZE})
    returning 'keyStore' as kind, id::text as ext_id, null::text as user_ext_id, generation, null::bytea as sha256,
      last_modified`,
});

/** What sources have answered: no resource of the client, and so without audit events. */
export const REMOVE_REVOCATION_ANSWERS = statement(
  'remove_revocation_answers_of_client',
  sql`with removed as (delete from revocation_answers where client_ext_id = ${CLIENT_EXT_ID} and ctid = any(array(
      select ctid from revocation_answers where client_ext_id = ${CLIENT_EXT_ID} limit ${BATCH_SIZE})) returning 1)
    select ${returns<{ readonly removed: number }>('count(*)::integer as removed')} from removed`,
);

/** Why logins were refused: likewise. */
export const REMOVE_LOGIN_REFUSALS = statement(
  'remove_login_refusals_of_client',
  sql`with removed as (delete from login_refusals where client_ext_id = ${CLIENT_EXT_ID} and ctid = any(array(
      select ctid from login_refusals where client_ext_id = ${CLIENT_EXT_ID} limit ${BATCH_SIZE})) returning 1)
    select ${returns<{ readonly removed: number }>('count(*)::integer as removed')} from removed`,
);

/** Once there are neither sets nor answers, nothing makes this row again. */
export const REMOVE_REVOCATION_CHANGES = statement(
  'remove_revocation_changes_of_client',
  sql`delete from revocation_changes where client_ext_id = ${CLIENT_EXT_ID}`,
);

/** Before anything else is removed, so that no job changes what is left. Their rows that are being changed are awaited. */
export const STOP_JOBS = statement(
  'stop_jobs_of_client',
  sql`update jobs set status = 'stopped', ended = ${NOW}
    where client_ext_id = ${CLIENT_EXT_ID} and status in ('loading', 'running')`,
);

/** No resources of the client either: what a job did is in the audit log. */
export const REMOVE_ROWS_OF_JOBS = statement(
  'remove_rows_of_jobs_of_client',
  sql`with removed as (delete from job_rows where client_ext_id = ${CLIENT_EXT_ID} and ctid = any(array(
      select ctid from job_rows where client_ext_id = ${CLIENT_EXT_ID} limit ${BATCH_SIZE})) returning 1)
    select ${returns<{ readonly removed: number }>('count(*)::integer as removed')} from removed`,
);

export const REMOVE_JOBS = statement(
  'remove_jobs_of_client',
  sql`delete from jobs where client_ext_id = ${CLIENT_EXT_ID}`,
);
