import { identifier, texts } from '../database/column.js';
import { parameter, returns, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';

/** Includes deleted clients: if the demo's data was deleted, it must not be created again. */
export const ANY_CLIENT = statement('demo_any_client', sql`select 1 from clients limit 1`);

/** The number of these certificates that still belong to the user. */
export const COUNT_CREDENTIALS = statement(
  'demo_count_credentials',
  sql`select ${returns<{ readonly count: number }>('count(*)::integer as count')} from credentials
    where client_ext_id = ${parameter('clientExtId', identifier())}
      and user_ext_id = ${parameter('userExtId', identifier())}
      and ext_id = any(${parameter('extIds', texts())}) and type = 'Certificate'`,
);
