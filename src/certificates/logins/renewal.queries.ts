import { changeWithAuditEvent, furtherEvent } from '../../audit/change-with-audit-event.js';
import { EVALUATED, EVALUATED_ROW, OWNER_ACTIVITY, POLICY } from '../../credentials/credential.queries.js';
import { CREDENTIALS } from '../../credentials/credential.table.js';
import { grouped, returns, sql } from '../../database/sql.js';
import { statement } from '../../database/statement.js';
import { NEXT_VERSION, NOW, WRITTEN } from '../../database/versioned.js';
import { DENIED } from '../../denials/denied.js';
import { CERTIFICATE, OWNER, REPLACED } from '../certificate.queries.js';

/** Two are as many as several: then the certificate renews none. */
const MAX_READ = 2;

const OF_THESE_NAMES = CREDENTIALS.matches('c', ['clientExtId', 'subjectNameSha256', 'issuerNameSha256']);
const OF_OTHER_USERS = sql`exists (select 1 from credentials o
        where ${CREDENTIALS.matches('o', ['clientExtId', 'subjectNameSha256', 'issuerNameSha256'])} and o.type = 'Certificate'
          and o.described_sha256 = o.sha256 and o.state <> 'archived' and o.user_ext_id <> c.user_ext_id)
      ${returns<{ readonly hasOtherUsers: boolean }>('as "hasOtherUsers"')}`;

/** The active credentials whose certificates have these names, with everything that a login depends on. */
export const READ_RENEWED = statement(
  'read_renewed_credentials',
  sql`select ${CERTIFICATE}, ${POLICY}, ${OWNER_ACTIVITY}, ${OWNER}, ${OF_OTHER_USERS}
    from credentials c
    join users u on u.client_ext_id = c.client_ext_id and u.ext_id = c.user_ext_id
    join policies p on p.client_ext_id = c.client_ext_id and p.ext_id = c.policy_ext_id
    where ${OF_THESE_NAMES} and c.type = 'Certificate'
      and c.described_sha256 = c.sha256 and c.state = 'active' and c.disabled_on is null
      and (c.lock is null or (c.lock = 'tmp-locked' and c.locked_until <= ${NOW}))
    limit ${MAX_READ}`,
);

export type RenewedRow = NonNullable<Awaited<ReturnType<typeof READ_RENEWED.first>>>;

/**
 * Replaces the certificate and counts the login with it in one statement. No row if the credential, its user or its policy
 * was changed since they were read.
 */
export const RENEW_CERTIFICATE = changeWithAuditEvent('renew_certificate', {
  locks: EVALUATED,
  write: sql`update credentials c set ${grouped('next', REPLACED)}, revocation = null, successes = 1, failures = 0,
      failures_since_lock = 0, last_success = greatest(${NOW}, c.last_success), ${NEXT_VERSION}
    where ${EVALUATED_ROW} and exists (select 1 from evaluated_policy)
    returning ${WRITTEN}`,
  also: sql`${furtherEvent('login')}, ${DENIED}`,
});
