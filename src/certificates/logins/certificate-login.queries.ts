import { changeWithAuditEvent } from '../../audit/change-with-audit-event.js';
import { EVALUATED_ROW, OWNER_ACTIVITY, POLICY } from '../../credentials/credential.queries.js';
import { CREDENTIAL_COLUMNS, type CredentialRow, CREDENTIALS } from '../../credentials/credential.table.js';
import { LOGIN_COLUMNS } from '../../credentials/login.queries.js';
import { leftJoined, type Sql, sql } from '../../database/sql.js';
import { shortRead } from '../../database/statement.js';
import { NOW } from '../../database/versioned.js';
import { OWNER } from '../certificate.queries.js';

const { clientExtId, sha256 } = CREDENTIALS.parameters;

const CREDENTIAL = CREDENTIALS.select('c', CREDENTIAL_COLUMNS) as Sql<unknown, CredentialRow>;

/**
 * The credential that has this certificate, with everything that a login depends on; all null if there is none, and no row
 * if there is no such client. It is found by the digest of the whole certificate, never by a name in it (contract 15.2).
 */
export const READ_CERTIFICATE_LOGIN = shortRead(
  'read_certificate_login',
  sql`select ${leftJoined(sql`${CREDENTIAL}, ${POLICY}, ${OWNER_ACTIVITY}, ${OWNER}`)}
    from clients cl
    left join credentials c on c.client_ext_id = cl.ext_id and c.sha256 = ${sha256} and c.type = 'Certificate'
    left join users u on u.client_ext_id = c.client_ext_id and u.ext_id = c.user_ext_id
    left join policies p on p.client_ext_id = c.client_ext_id and p.ext_id = c.policy_ext_id
    where cl.ext_id = ${clientExtId} and cl.deleted_at is null`,
);

/** Apart from `successes`, these do not depend on the counters of the row. */
const AFTER_SUCCESS = LOGIN_COLUMNS.filter((name) => name !== 'successes');

/** For an update's `set`: depends on no counter, so that any number of logins at once are exact. */
export const COUNTED_SUCCESS = sql`successes = c.successes + 1, last_success = greatest(${NOW}, c.last_success),
      ${CREDENTIALS.assignments(AFTER_SUCCESS)}`;

/** Counts a success without a lock beforehand. No row if the credential was changed, locked or unlocked since it was read. */
export const COUNT_SUCCESS = changeWithAuditEvent('count_certificate_login', {
  write: sql`update credentials c set ${COUNTED_SUCCESS}
    where ${EVALUATED_ROW}
    returning null::integer as version, ${NOW} as at`,
});
