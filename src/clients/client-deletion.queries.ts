import { changeWithTrail } from '../audit/change-with-trail.js';
import { removeWithTrail } from '../audit/remove-with-trail.js';
import type { Statement } from '../database/database.js';
import { closeUserTurnstile } from '../database/turnstile.js';

/** Rows that one transaction removes of a kind, so that it is short whatever the client is like. */
export const REMOVED_AT_ONCE = 500;

/** Nothing of the client is left but its extId, which is never given again. $1 client, $2 now, $3 `Deletion`. */
export const BURY_CLIENT: Statement = {
  name: 'bury_client',
  text: `update clients set deleted_at = $2::timestamptz, deletion = $3::jsonb, display_name = null, remarks = null
    where ext_id = $1 and deleted_at is null`,
};

/** Clients whose deletion has not come to its end. $1 deleted before. */
export const READ_UNFINISHED_DELETIONS: Statement = {
  name: 'read_unfinished_deletions',
  text: `select ext_id as "extId", incarnation, deletion, deleted_at as "deletedAt" from clients
    where deletion is not null and deleted_at <= $1::timestamptz order by ext_id limit 100`,
};

/** Nothing is inside it any more. $1 client, $2 now. */
export const FINISH_DELETION: Statement = changeWithTrail({
  name: 'finish_deletion_of_client',
  write: `update clients set deletion = null where ext_id = $1 and deletion is not null
    returning null::integer as version, greatest($2::timestamptz, last_modified) as at`,
  parameters: 2,
});

/** $1 client. */
export const READ_USERS_TO_REMOVE: Statement = {
  name: 'read_users_to_remove',
  text: `select ext_id as "extId" from users where client_ext_id = $1 order by ext_id limit 50`,
};

/** $1 client, $2 user. Locked like any change of the user, so that changes of the credentials cannot hold it up. */
export const LOCK_USER_TO_REMOVE: Statement = {
  name: 'lock_user_to_remove',
  text: `with ${closeUserTurnstile('$2')}
    select 1 from users where client_ext_id = $1 and ext_id = $2 and exists (select 1 from user_turnstile) for update`,
};

/** $1 client, $2 user extIds, then `removalValues`. */
export const REMOVE_CREDENTIALS: Statement = removeWithTrail({
  name: 'remove_credentials_of_client',
  before: [
    `chosen as (select ext_id from credentials where client_ext_id = $1 and user_ext_id = any($2::text[])
      limit ${REMOVED_AT_ONCE})`,
    `removed_passwords as (delete from passwords
      where client_ext_id = $1 and credential_ext_id in (select ext_id from chosen))`,
  ],
  remove: `delete from credentials where client_ext_id = $1 and ext_id in (select ext_id from chosen)
    returning case type when 'Password' then 'password' else 'certificate' end as kind,
      ext_id, user_ext_id, incarnation, sha256, last_modified`,
  parameters: 2,
});

/** $1 client, $2 user extIds, then `removalValues`. */
export const REMOVE_USERS: Statement = removeWithTrail({
  name: 'remove_users_of_client',
  remove: `delete from users where client_ext_id = $1 and ext_id = any($2::text[])
    returning 'user' as kind, ext_id, ext_id as user_ext_id, incarnation, null::bytea as sha256, last_modified`,
  parameters: 2,
});

/** $1 client, then `removalValues`. */
export const REMOVE_POLICIES: Statement = removeWithTrail({
  name: 'remove_policies_of_client',
  remove: `delete from policies where client_ext_id = $1
      and ext_id in (select ext_id from policies where client_ext_id = $1 limit ${REMOVED_AT_ONCE})
    returning 'policy' as kind, ext_id, null::text as user_ext_id, incarnation, null::bytea as sha256, last_modified`,
  parameters: 1,
});

/**
 * What lies in the vault is removed by the reconciler, which erases what no row speaks of any more. $1 client, then
 * `removalValues`.
 */
export const REMOVE_KEY_STORES: Statement = removeWithTrail({
  name: 'remove_key_stores_of_client',
  before: ['deleted_before as (delete from key_stores where client_ext_id = $1 and deleted_at is not null)'],
  remove: `delete from key_stores where client_ext_id = $1 and deleted_at is null
      and id in (select id from key_stores where client_ext_id = $1 and deleted_at is null limit ${REMOVED_AT_ONCE})
    returning 'keyStore' as kind, id::text as ext_id, null::text as user_ext_id, incarnation, null::bytea as sha256,
      last_modified`,
  parameters: 1,
});
