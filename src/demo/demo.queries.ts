import { identifier, texts } from '../database/column.js';
import { parameter, returns, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';

/** A client that was deleted counts: whoever has emptied the demo does not want it back. */
export const ANY_CLIENT = statement('demo_any_client', sql`select 1 from clients limit 1`);

/** How many of these certificates are still the user's. */
export const COUNT_CREDENTIALS = statement(
  'demo_count_credentials',
  sql`select ${returns<{ readonly count: number }>('count(*)::integer as count')} from credentials
    where client_ext_id = ${parameter('clientExtId', identifier())}
      and user_ext_id = ${parameter('userExtId', identifier())}
      and ext_id = any(${parameter('extIds', texts())}) and type = 'Certificate'`,
);
