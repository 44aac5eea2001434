import { changeWithTrail } from '../audit/change-with-trail.js';
import { removeWithTrail } from '../audit/remove-with-trail.js';
import type { Statement } from '../database/database.js';

/** Everything that touches several rows takes them in the order client, user, policy, credential. $1 client. */
export const LOCK_USERS: Statement = {
  name: 'lock_users_of_client',
  text: `select count(*) from (select 1 from users where client_ext_id = $1 for update) as locked`,
};

export const LOCK_POLICIES: Statement = {
  name: 'lock_policies_of_client',
  text: `select count(*) from (select 1 from policies where client_ext_id = $1 for update) as locked`,
};

/** $1 client, then `removalValues`, as in the three below. */
export const REMOVE_CREDENTIALS: Statement = removeWithTrail({
  name: 'remove_credentials_of_client',
  before: ['removed_passwords as (delete from passwords where client_ext_id = $1)'],
  remove: `delete from credentials where client_ext_id = $1
    returning case type when 'Password' then 'password' else 'certificate' end as kind,
      ext_id, user_ext_id, incarnation, sha256, last_modified`,
  parameters: 1,
});

export const REMOVE_USERS: Statement = removeWithTrail({
  name: 'remove_users_of_client',
  remove: `delete from users where client_ext_id = $1
    returning 'user' as kind, ext_id, ext_id as user_ext_id, incarnation, null::bytea as sha256, last_modified`,
  parameters: 1,
});

export const REMOVE_POLICIES: Statement = removeWithTrail({
  name: 'remove_policies_of_client',
  remove: `delete from policies where client_ext_id = $1
    returning 'policy' as kind, ext_id, null::text as user_ext_id, incarnation, null::bytea as sha256, last_modified`,
  parameters: 1,
});

/** What lies in the vault is removed by the reconciler, which erases what no row speaks of any more. */
export const REMOVE_KEY_STORES: Statement = removeWithTrail({
  name: 'remove_key_stores_of_client',
  before: ['deleted_before as (delete from key_stores where client_ext_id = $1 and deleted_at is not null)'],
  remove: `delete from key_stores where client_ext_id = $1 and deleted_at is null
    returning 'keyStore' as kind, id::text as ext_id, null::text as user_ext_id, incarnation, null::bytea as sha256,
      last_modified`,
  parameters: 1,
});

/** Nothing of the client is left but its extId, which is never given again. $1 client, $2 now. */
export const BURY_CLIENT: Statement = changeWithTrail({
  name: 'bury_client',
  write: `update clients set deleted_at = $2::timestamptz, display_name = null, remarks = null
    where ext_id = $1 and deleted_at is null
    returning null::integer as version, greatest($2::timestamptz, last_modified) as at`,
  parameters: 2,
});
