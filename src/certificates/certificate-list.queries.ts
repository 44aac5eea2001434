import type { PageRequest } from '../common/page.js';
import { CREDENTIALS } from '../credentials/credential.table.js';
import { bytes, identifier, instant, nullable } from '../database/column.js';
import { pageOfRows } from '../database/page-rows.js';
import { behind } from '../database/paging.js';
import { parameter, returns, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { NOW } from '../database/versioned.js';
import type { CertificatesPath } from './certificate-path.js';
import { CERTIFICATE, credentialOctets } from './certificate.queries.js';

export interface CertificatesQuery {
  readonly page: PageRequest;
  readonly stateName: string | undefined;
  readonly issuerDN: string | undefined;
  readonly fingerprint: Buffer | undefined;
  readonly expiresBefore: Date | undefined;
}

const STATE = parameter('stateName', nullable(identifier()));
const ISSUER = parameter('issuerDN', nullable(identifier()));
const FINGERPRINT = parameter('fingerprint', nullable(bytes()));
const EXPIRES_BEFORE = parameter('expiresBefore', nullable(instant()));

/** Whether a newer credential has disabled it by now. */
const IS_REPLACED = sql`c.disabled_on <= ${NOW} and c.state not in ('disabled', 'archived')`;

/** The state beneath a lock, and its reason. */
const STATE_BENEATH = sql`case when ${IS_REPLACED} then 'disabled' else c.state end`;
const REASON_BENEATH = sql`case when ${IS_REPLACED} then 'renewal' else c.reason end`;

/** `credential-state.rules.ts` in SQL: a temporary lock that has ended and a hidden lock are not shown. */
export const EFFECTIVE_STATE = sql`case when c.lock = 'tmp-locked' and c.locked_until <= ${NOW} then ${STATE_BENEATH}
      when c.state_set_by = 'policyOverLock' then c.state
      else coalesce(c.lock, ${STATE_BENEATH}) end`;

/** The reason that is shown with it. */
export const EFFECTIVE_REASON = sql`case when c.lock is null or c.state_set_by = 'policyOverLock'
        or (c.lock = 'tmp-locked' and c.locked_until <= ${NOW}) then ${REASON_BENEATH}
      else coalesce(c.lock_reason, ${REASON_BENEATH}) end`;

/** A filter that was not sent is null, which matches everything, so that one prepared statement is enough. */
const SELECTED = sql`from credentials c
    where ${CREDENTIALS.matches('c', ['clientExtId', 'userExtId'])} and c.type = 'Certificate'
      and (${STATE} is null or ${EFFECTIVE_STATE} = ${STATE})
      and (${ISSUER} is null or c.issuer_dn = ${ISSUER})
      and (${FINGERPRINT} is null or c.sha256 = ${FINGERPRINT} or c.sha1 = ${FINGERPRINT})
      and (${EXPIRES_BEFORE} is null or c.valid_to < ${EXPIRES_BEFORE})`;

export const LIST_CERTIFICATES = statement(
  'list_certificates',
  pageOfRows(sql`select ${CERTIFICATE}, ${credentialOctets('c')} ${SELECTED} and ${behind('c')}`),
);

export const COUNT_CERTIFICATES = statement(
  'count_certificates',
  sql`select ${returns<{ readonly total: number }>('count(*)::integer as total')} ${SELECTED}`,
);

/** The parameters of both statements. */
export function filterParameters({ clientExtId, userExtId }: CertificatesPath, query: CertificatesQuery, now: Date) {
  return {
    clientExtId,
    userExtId,
    now,
    stateName: query.stateName ?? null,
    issuerDN: query.issuerDN ?? null,
    fingerprint: query.fingerprint ?? null,
    expiresBefore: query.expiresBefore ?? null,
  };
}
