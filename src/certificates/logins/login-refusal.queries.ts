import { identifier, instant, integer } from '../../database/column.js';
import { parameter, returns, sql } from '../../database/sql.js';
import { statement } from '../../database/statement.js';
import { LOGIN_REFUSALS } from './login-refusal.table.js';

const { clientExtId } = LOGIN_REFUSALS.parameters;

const COLUMNS = ['reference', 'at', 'explanation'] as const;

/**
 * No row if the client is deleted meanwhile, or if the reference exists already. The client is locked, so that its deletion
 * finds the refusal.
 */
export const STORE_REFUSAL = statement(
  'store_login_refusal',
  sql`with client as materialized (select 1 from clients
      where ext_id = ${clientExtId} and deleted_at is null for share)
    insert into login_refusals (client_ext_id, ${LOGIN_REFUSALS.names(COLUMNS)})
    select ${clientExtId}, ${LOGIN_REFUSALS.values(COLUMNS)} from client
    on conflict do nothing returning ${returns<{ readonly reference: string }>('reference')}`,
);

export const READ_REFUSAL = statement(
  'read_login_refusal',
  sql`select ${LOGIN_REFUSALS.select('r', COLUMNS)} from login_refusals r
    where ${LOGIN_REFUSALS.matches('r', ['clientExtId', 'reference'])} and r.at >= ${parameter('since', instant())}`,
);

/** Of one statement. */
export const MAX_REMOVED = 1000;

const REMOVED = returns<{ readonly removed: number }>('count(*)::integer as removed');

export const REMOVE_OLD_REFUSALS = statement(
  'remove_old_login_refusals',
  sql`with removed as (delete from login_refusals where ctid = any(array(
      select ctid from login_refusals where at < ${parameter('before', instant())} limit ${MAX_REMOVED})) returning 1)
    select ${REMOVED} from removed`,
);

/** How many refusals are kept of a client. */
const KEPT = parameter('kept', integer());

/** Reads the whole index, which the leader does once an hour. */
export const FIND_FULL_CLIENTS = statement(
  'find_clients_full_of_login_refusals',
  sql`select ${LOGIN_REFUSALS.select('r', ['clientExtId'])} from login_refusals r
    group by r.client_ext_id having count(*) > ${KEPT}`,
);

/** The oldest ones beyond the number that is kept. */
export const REMOVE_EXCESS_REFUSALS = statement(
  'remove_excess_login_refusals',
  sql`with removed as (delete from login_refusals where ctid = any(array(
      select ctid from login_refusals where client_ext_id = ${parameter('ofClientExtId', identifier())}
        order by at desc, reference offset ${KEPT} limit ${MAX_REMOVED})) returning 1)
    select ${REMOVED} from removed`,
);
