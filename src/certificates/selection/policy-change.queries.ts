import { changeWithAuditEvent } from '../../audit/change-with-audit-event.js';
import {
  CHOSEN_POLICY,
  EVALUATED,
  EVALUATED_ROW,
  OWNER_ACTIVITY,
  POLICY,
} from '../../credentials/credential.queries.js';
import { CREDENTIALS, STATE_COLUMNS } from '../../credentials/credential.table.js';
import { integer, texts } from '../../database/column.js';
import { grouped, leftJoined, parameter, sql } from '../../database/sql.js';
import { statement } from '../../database/statement.js';
import { NEXT_VERSION, WRITTEN } from '../../database/versioned.js';
import { DENIED } from '../../denials/denied.js';
import { CERTIFICATE, OWNER } from '../certificate.queries.js';

const EXT_IDS = parameter('extIds', texts());

/** Certificates with their owners, and with the chosen policy, or each with its own if none is chosen. */
export const READ_CERTIFICATES_UNDER_POLICY = statement(
  'read_certificates_under_policy',
  sql`select ${CERTIFICATE}, ${OWNER_ACTIVITY}, ${OWNER}, ${leftJoined(POLICY)}
    from credentials c
    join users u on u.client_ext_id = c.client_ext_id and u.ext_id = c.user_ext_id
    left join policies p on p.client_ext_id = c.client_ext_id and p.policy_type = 'CertificatePolicy'
      and p.ext_id = coalesce(${CHOSEN_POLICY}, c.policy_ext_id)
    where ${CREDENTIALS.matches('c', ['clientExtId'])} and c.ext_id = any(${EXT_IDS}) and c.type = 'Certificate'`,
);

const { successes } = CREDENTIALS.parameters;
const added = (name: 'failures' | 'failuresSinceLock') => grouped('counters', parameter(name, integer()));
const SINCE = grouped('counters', successes);

/** A move, or its undo, which brings counters back if nobody has logged in since. The policy of `evaluated` is the new one. */
export const CHANGE_POLICY = changeWithAuditEvent('change_policy_of_certificate', {
  locks: EVALUATED,
  write: sql`update credentials c
    set ${grouped('next', CREDENTIALS.assignments([...STATE_COLUMNS, 'policyExtId', 'validFrom', 'validTo']))},
      failures = c.failures + case when c.successes = ${SINCE} then ${added('failures')} else 0 end,
      failures_since_lock = c.failures_since_lock
        + case when c.successes = ${SINCE} then ${added('failuresSinceLock')} else 0 end, ${NEXT_VERSION}
    where ${EVALUATED_ROW} and exists (select 1 from evaluated_policy)
    returning ${WRITTEN}`,
  also: DENIED,
});
