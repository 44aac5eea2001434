import type { Statement } from '../database/database.js';

/** A client that was deleted counts: who has emptied the demo does not want it back. */
export const ANY_CLIENT: Statement = { name: 'demo_any_client', text: 'select 1 from clients limit 1' };

/** $1 client, $2 user, $3 extIds of credentials: how many of them are still his. */
export const COUNT_CREDENTIALS: Statement = {
  name: 'demo_count_credentials',
  text: `select count(*)::int as count from credentials
    where client_ext_id = $1 and user_ext_id = $2 and ext_id = any($3) and type = 'Certificate'`,
};
