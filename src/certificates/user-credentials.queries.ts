import { ofOwner } from '../credentials/credential.queries.js';
import { CREDENTIALS } from '../credentials/credential.table.js';
import { pageOfRows } from '../database/page-rows.js';
import { behind } from '../database/paging.js';
import { leftJoined, returns, type Sql, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { credentialOctets, ROW_COLUMNS } from './certificate.queries.js';
import type { UserCredentialRow } from './user-credential-resource.js';

const { clientExtId, userExtId } = CREDENTIALS.parameters;

const CREDENTIAL = CREDENTIALS.select('c', [...ROW_COLUMNS, 'type']) as Sql<unknown, UserCredentialRow>;

/** A page of a user's credentials, with the user, who is returned even if there are no credentials. */
export const LIST_USER_CREDENTIALS = ofOwner(
  'list_user_credentials',
  ({ columns, joins }) => sql`select ${leftJoined(CREDENTIAL)}, c.more, ${columns} from users u ${joins}
    left join lateral (${pageOfRows(sql`select p.*, ${credentialOctets('p')} from credentials p
        where p.client_ext_id = u.client_ext_id and p.user_ext_id = u.ext_id and ${behind('p')}`)}
    ) c on true
    where u.client_ext_id = ${clientExtId} and u.ext_id = ${userExtId}
    order by c.created, c.ext_id`,
  statement,
);

export const COUNT_USER_CREDENTIALS = statement(
  'count_user_credentials',
  sql`select ${returns<{ readonly total: number }>('count(*)::integer as total')} from credentials
    where client_ext_id = ${clientExtId} and user_ext_id = ${userExtId}`,
);
