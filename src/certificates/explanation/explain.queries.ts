import { CHOSEN_POLICY, POLICY, POLICY_EXT_ID } from '../../credentials/credential.queries.js';
import { CREDENTIALS } from '../../credentials/credential.table.js';
import { leftJoined, sql } from '../../database/sql.js';
import { shortRead } from '../../database/statement.js';
import { CERTIFICATE } from '../certificate.queries.js';

const { clientExtId } = CREDENTIALS.parameters;

/** The credential that has this certificate in the client. */
export const FIND_HOLDER = shortRead(
  'find_holder_of_certificate',
  sql`select ${CERTIFICATE} from credentials c
    where ${CREDENTIALS.matches('c', ['clientExtId'])} and c.sha256 = ${CREDENTIALS.parameters.sha256}
      and c.type = 'Certificate'`,
);

/** The policy of an evaluation without a user: the chosen one, or the default; null if there is none. */
export const READ_POLICY_TO_EXPLAIN = shortRead(
  'read_policy_to_explain',
  sql`select ${leftJoined(sql`${POLICY_EXT_ID}, ${POLICY}`)}
    from clients cl
    left join policies p on p.client_ext_id = cl.ext_id and p.policy_type = 'CertificatePolicy'
      and case when ${CHOSEN_POLICY} is null then p.default_policy else p.ext_id = ${CHOSEN_POLICY} end
    where cl.ext_id = ${clientExtId} and cl.deleted_at is null`,
);
