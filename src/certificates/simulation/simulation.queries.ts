import { OWNER_ACTIVITY } from '../../credentials/credential.queries.js';
import { CREDENTIALS } from '../../credentials/credential.table.js';
import { identifier } from '../../database/column.js';
import { leftJoined, parameter, returns, sql } from '../../database/sql.js';
import { statement } from '../../database/statement.js';
import { OWNER } from '../certificate.queries.js';

const { clientExtId, policyExtId } = CREDENTIALS.parameters;

/** Rows that one statement examines: some milliseconds, also if few certificates use the policy. */
const MAX_EXAMINED = 1_000;

/** Certificates of one batch. */
export const MAX_SIMULATED = 200;

const SIMULATED = leftJoined(
  sql`${CREDENTIALS.select('c', ['extId', 'userExtId', 'der'])}, ${OWNER}, ${OWNER_ACTIVITY}`,
);

/**
 * The next certificates that use the policy and are not archived, and the last row that was examined, which is null at the
 * end. Without certificates, one row has only that.
 */
export const FIND_CERTIFICATES_OF_POLICY = statement(
  'find_certificates_of_policy',
  sql`with examined as materialized (select c.ext_id from credentials c
      where c.client_ext_id = ${clientExtId} and c.ext_id > ${parameter('afterExtId', identifier())}
      order by c.client_ext_id, c.ext_id limit ${MAX_EXAMINED})
    select ${returns<{ readonly lastExamined: string | null }>('l.last as "lastExamined"')}, f.*
    from (select max(e.ext_id) as last from examined e) l
    left join lateral (select ${SIMULATED}
      from examined e
      join credentials c on c.client_ext_id = ${clientExtId} and c.ext_id = e.ext_id and c.type = 'Certificate'
        and c.policy_ext_id = ${policyExtId} and c.state <> 'archived'
      join users u on u.client_ext_id = c.client_ext_id and u.ext_id = c.user_ext_id and u.state <> 'archived'
      order by c.ext_id limit ${MAX_SIMULATED}) f on true
    order by f."extId"`,
);
