import { CREDENTIALS } from '../../credentials/credential.table.js';
import { texts } from '../../database/column.js';
import { parameter, sql } from '../../database/sql.js';
import { statement } from '../../database/statement.js';

export const FIND_CERTIFICATES_BY_ID = statement(
  'find_certificates_by_id',
  sql`select ${CREDENTIALS.select('c', ['extId'])} from credentials c
    where ${CREDENTIALS.matches('c', ['clientExtId'])} and c.ext_id = any(${parameter('extIds', texts())})
      and c.type = 'Certificate'`,
);

export const FIND_CERTIFICATE_POLICY = statement(
  'find_certificate_policy',
  sql`select 1 from policies p where p.client_ext_id = ${CREDENTIALS.parameters.clientExtId}
    and p.ext_id = ${CREDENTIALS.parameters.policyExtId} and p.policy_type = 'CertificatePolicy'`,
);
