import { identifier } from '../database/column.js';
import { parameter, returns, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { SEARCH_COLUMNS, USERS } from './user.table.js';

/** The key of a user, in the order of the primary key. */
export interface UserKey {
  readonly clientExtId: string;
  readonly extId: string;
}

const AFTER = sql`(${parameter('afterClientExtId', identifier())}, ${parameter('afterExtId', identifier())})`;

/** Rows that one statement examines: some milliseconds. */
const MAX_EXAMINED = 1000;

const SEARCHED = [
  'clientExtId',
  'extId',
  'version',
  'loginId',
  'firstName',
  'familyName',
  'email',
] as const satisfies readonly (keyof typeof USERS.columns)[];

/**
 * The next users of whom the search columns may be missing, because they were stored before these columns existed, or
 * hold the values of an earlier version, because a server that does not know these columns has changed the user; and the last row that was examined, which may be searchable. No row at the end of the table.
 */
export const FIND_UNSEARCHABLE = statement(
  'find_unsearchable_users',
  sql`with examined as (
      select ${USERS.names(SEARCHED)}, u.search_version is distinct from u.version as unsearchable
      from users u where (u.client_ext_id, u.ext_id) > ${AFTER}
      order by u.client_ext_id, u.ext_id limit ${MAX_EXAMINED}),
    last as (select client_ext_id, ext_id from examined order by client_ext_id desc, ext_id desc limit 1)
    select ${USERS.select('u', SEARCHED)}, ${returns<{ readonly unsearchable: boolean }>('u.unsearchable')}
    from examined u
    where u.unsearchable or (u.client_ext_id, u.ext_id) = (select client_ext_id, ext_id from last)
    order by u.client_ext_id, u.ext_id`,
);

/**
 * Changes neither the version nor its time. A row that somebody else has locked is left for the next pass, so that this
 * never waits while it holds locks; one that has another version by now stays as it is.
 */
export const WRITE_SEARCH_COLUMNS = statement(
  'write_search_columns_of_user',
  sql`with free as (select u.client_ext_id, u.ext_id from users u
      where ${USERS.matches('u', ['clientExtId', 'extId', 'version'])} for no key update skip locked)
    update users u set ${USERS.assignments(SEARCH_COLUMNS)} from free
    where u.client_ext_id = free.client_ext_id and u.ext_id = free.ext_id
    returning ${USERS.select('u', ['extId'])}`,
);
