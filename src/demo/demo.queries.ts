import { changeWithTrail } from '../audit/change-with-trail.js';
import type { Statement } from '../database/database.js';

/** A client that was deleted counts: who has emptied the demo does not want it back. */
export const ANY_CLIENT: Statement = { name: 'demo_any_client', text: 'select 1 from clients limit 1' };

/** $1 client, $2 user, $3 extIds of credentials: how many of them are still his. */
export const COUNT_CREDENTIALS: Statement = {
  name: 'demo_count_credentials',
  text: `select count(*)::int as count from credentials
    where client_ext_id = $1 and user_ext_id = $2 and ext_id = any($3) and type = 'Certificate'`,
};

/** $1 client, $2 incarnation, $3 now, $4 extId, also his loginId, $5 first name, $6 family name, $7 e-mail. */
export const CREATE_USER = changeWithTrail({
  name: 'demo_create_user',
  write: `insert into users (client_ext_id, incarnation, version, created, last_modified,
      ext_id, login_id, login_id_folded, state, is_technical_user, first_name, family_name, email)
    values ($1, $2::uuid, 1, $3::timestamptz, $3::timestamptz, $4, $4, $4, 'active', false, $5, $6, $7)
    returning version, last_modified as at`,
  parameters: 7,
});
