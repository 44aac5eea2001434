import { changeWithTrail } from '../audit/change-with-trail.js';
import { removeWithTrail } from '../audit/remove-with-trail.js';
import type { Statement } from '../database/database.js';

/** $1 client, $2 user, then `removalValues`. */
export const REMOVE_CREDENTIALS: Statement = removeWithTrail({
  name: 'remove_credentials_of_user',
  before: ['removed_passwords as (delete from passwords where client_ext_id = $1 and user_ext_id = $2)'],
  remove: `delete from credentials where client_ext_id = $1 and user_ext_id = $2
    returning case type when 'Password' then 'password' else 'certificate' end as kind,
      ext_id, user_ext_id, incarnation, sha256, last_modified`,
  parameters: 2,
});

/** $1 client, $2 user, $3 now. */
export const REMOVE_USER: Statement = changeWithTrail({
  name: 'remove_user',
  write: `delete from users where client_ext_id = $1 and ext_id = $2
    returning null::integer as version, greatest($3::timestamptz, last_modified) as at`,
  parameters: 3,
});
