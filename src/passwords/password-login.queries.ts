import { OWNER_ACTIVITY } from '../credentials/credential.queries.js';
import { CREDENTIALS } from '../credentials/credential.table.js';
import { LOGIN_COLUMNS } from '../credentials/login.queries.js';
import { leftJoined, returns, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { PASSWORDS, SECRET_COLUMNS } from './password.table.js';

const { clientExtId, userExtId } = CREDENTIALS.parameters;

const CREDENTIAL = CREDENTIALS.select('c', ['extId', 'generation', 'state', 'validFrom', 'validTo', ...LOGIN_COLUMNS]);
const POLICY = returns<{ readonly policyParameters: string }>('p.parameters::text as "policyParameters"');

/** A user with the data that a login needs; if there is no password, its members are null. */
export const READ_LOGIN = statement(
  'read_login',
  sql`select ${returns<{ readonly loginIdFolded: string }>('u.login_id_folded as "loginIdFolded"')}, ${OWNER_ACTIVITY},
      ${leftJoined(sql`${CREDENTIAL}, ${POLICY}, ${PASSWORDS.select('w', SECRET_COLUMNS)}`)}
    from users u
    left join passwords w on w.client_ext_id = u.client_ext_id and w.user_ext_id = u.ext_id
    left join credentials c on c.client_ext_id = w.client_ext_id and c.ext_id = w.credential_ext_id
    left join policies p on p.client_ext_id = c.client_ext_id and p.ext_id = c.policy_ext_id
    where u.client_ext_id = ${clientExtId} and u.ext_id = ${userExtId}`,
);
