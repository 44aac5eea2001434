import { OWNER_ACTIVITY } from '../../credentials/credential.queries.js';
import { CREDENTIALS } from '../../credentials/credential.table.js';
import { leftJoined, sql } from '../../database/sql.js';
import { statement } from '../../database/statement.js';
import { OWNER } from '../certificate.queries.js';
import { nextCertificates } from '../next-certificates.js';

/** Certificates of one batch. */
export const MAX_SIMULATED = 200;

const SIMULATED = leftJoined(
  sql`${CREDENTIALS.select('c', ['extId', 'userExtId', 'der'])}, ${OWNER}, ${OWNER_ACTIVITY}`,
);

/** The next certificates that use the policy. */
export const FIND_CERTIFICATES_OF_POLICY = statement(
  'find_certificates_of_policy',
  nextCertificates({
    columns: SIMULATED,
    filter: sql`and c.policy_ext_id = ${CREDENTIALS.parameters.policyExtId}`,
    maximum: MAX_SIMULATED,
  }),
);
