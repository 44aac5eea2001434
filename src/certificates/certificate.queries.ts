import { changeWithAuditEvent } from '../audit/change-with-audit-event.js';
import {
  COUNTERS_AND_VERSION,
  CHOSEN_POLICY,
  COUNTED,
  EVALUATED,
  EVALUATED_ROW,
  EVALUATED_USER,
  EVALUATED_USER_EXT_ID,
  ofOwner,
  OWNER_VERSION,
  POLICY,
  POLICY_EXT_ID,
} from '../credentials/credential.queries.js';
import {
  CERTIFICATE_COLUMNS,
  type CertificateRow,
  CREDENTIAL_COLUMNS,
  CREDENTIALS,
  SEARCH_COLUMNS,
  SHOWN_SEARCH_COLUMNS,
  STATE_COLUMNS,
} from '../credentials/credential.table.js';
import { integer, nullable } from '../database/column.js';
import { octetsOf } from '../database/page-rows.js';
import { grouped, leftJoined, parameter, returns, type Sql, sql } from '../database/sql.js';
import { shortRead, statement } from '../database/statement.js';
import { NEXT_VERSION, REMOVED, WRITTEN } from '../database/versioned.js';
import { DENIED } from '../denials/denied.js';
import type { OwnerRow } from './certificate-row.js';

const { clientExtId, extId, sha256, userExtId } = CREDENTIALS.parameters;

export const ROW_COLUMNS = [...CREDENTIAL_COLUMNS, ...CERTIFICATE_COLUMNS, ...SHOWN_SEARCH_COLUMNS] as const;

/** The columns of `c`, which is a certificate. */
export const CERTIFICATE = CREDENTIALS.select('c', ROW_COLUMNS) as Sql<unknown, CertificateRow>;

/** The size of a row of credentials in a page. */
export function credentialOctets(table: string): Sql {
  const plain = ['der', 'subject_dn', 'issuer_dn', 'serial', 'comment', 'detail'];
  return returns<unknown>(
    octetsOf(table, { plain, composite: ['properties', 'subject_alternative_names', 'extended_key_usage'] }),
  );
}

export const OWNER = returns<OwnerRow>(
  `u.login_id as "ownerLoginId", u.first_name as "ownerFirstName", u.family_name as "ownerFamilyName",
  u.email as "ownerEmail", u.generation as "ownerGeneration", u.version as "ownerVersion"`,
);

export const READ_CERTIFICATE = shortRead(
  'read_certificate',
  sql`select ${CERTIFICATE} from credentials c
    where ${CREDENTIALS.matches('c', ['clientExtId', 'extId', 'userExtId'])} and c.type = 'Certificate'`,
);

/** Whoever's it is. */
export const READ_CERTIFICATE_BY_EXT_ID = shortRead(
  'read_certificate_by_ext_id',
  sql`select ${CERTIFICATE} from credentials c
    where ${CREDENTIALS.matches('c', ['clientExtId', 'extId'])} and c.type = 'Certificate'`,
);

const OWNER_AND_CREDENTIAL = sql`from users u
    left join credentials c on c.client_ext_id = u.client_ext_id and c.ext_id = ${extId} and c.user_ext_id = u.ext_id
      and c.type = 'Certificate'`;

const OF_OWNER = sql`where u.client_ext_id = ${clientExtId} and u.ext_id = ${userExtId}`;

/** The certificate with its owner; the owner is returned even if there is no certificate. */
export const READ_OWNED_CERTIFICATE = ofOwner(
  'read_owned_certificate',
  ({ columns, joins }) => sql`select ${leftJoined(CERTIFICATE)}, ${columns},
      ${OWNER_VERSION}
    ${OWNER_AND_CREDENTIAL} ${joins} ${OF_OWNER}`,
);

export const READ_OWNER = ofOwner(
  'read_owner',
  ({ columns, joins }) => sql`select ${columns} from users u ${joins} ${OF_OWNER}`,
);

/** Everything that the evaluation of a change needs, in one round trip. */
export const READ_CERTIFICATE_TO_CHANGE = ofOwner(
  'read_certificate_to_change',
  ({ columns, joins }) => sql`select ${leftJoined(sql`${CERTIFICATE}, ${POLICY}`)}, ${columns}, ${OWNER}
    ${OWNER_AND_CREDENTIAL}
    left join policies p on p.client_ext_id = c.client_ext_id and p.ext_id = c.policy_ext_id ${joins} ${OF_OWNER}`,
);

/** Everything that the evaluation of a new certificate needs: its owner, its policy and the number of certificates. */
export const READ_OWNER_AND_POLICY = ofOwner(
  'read_owner_and_policy',
  ({ columns, joins }) => sql`select ${leftJoined(sql`${POLICY_EXT_ID}, ${POLICY}`)}, ${columns}, ${OWNER},
      ${returns<{ readonly userExtId: string }>('u.ext_id as "userExtId"')},
      (select count(*)::integer from credentials c where c.client_ext_id = u.client_ext_id
        and c.user_ext_id = u.ext_id and c.type = 'Certificate') ${returns<{ readonly count: number }>('as count')}
    from users u
    left join policies p on p.client_ext_id = u.client_ext_id and p.policy_type = 'CertificatePolicy'
      and case when ${CHOSEN_POLICY} is null then p.default_policy else p.ext_id = ${CHOSEN_POLICY} end
    ${joins} ${OF_OWNER}`,
);

/** The stored columns of a certificate; some are used only for searches. */
const STORED_COLUMNS = [...CERTIFICATE_COLUMNS, 'notBefore', 'notAfter', ...SEARCH_COLUMNS] as const;

export const CHANGE_STATE = changeWithAuditEvent('change_certificate_state', {
  locks: EVALUATED,
  write: sql`update credentials c set ${grouped('next', CREDENTIALS.assignments(STATE_COLUMNS))},
      ${COUNTERS_AND_VERSION}`,
  also: DENIED,
});

/** What a new certificate changes. */
export const REPLACED = CREDENTIALS.assignments([...STATE_COLUMNS, ...STORED_COLUMNS, 'validFrom', 'validTo']);

export const CHANGE_CERTIFICATE = changeWithAuditEvent('change_certificate', {
  locks: EVALUATED,
  // What is remembered of a revocation is about the certificate before.
  write: sql`update credentials c set ${grouped('next', REPLACED)}, revocation = null, ${COUNTERS_AND_VERSION}`,
  also: DENIED,
});

const NEW_COLUMNS = [...CREDENTIAL_COLUMNS, ...STORED_COLUMNS] as const;

export const CREATE_CERTIFICATE = changeWithAuditEvent('create_certificate', {
  locks: sql`${EVALUATED}, ${COUNTED}`,
  write: sql`insert into credentials (client_ext_id, type, ${CREDENTIALS.names(NEW_COLUMNS)})
    select ${clientExtId}, 'Certificate', ${grouped('next', CREDENTIALS.values(NEW_COLUMNS))}
    where (select count_credentials(${clientExtId}, ${EVALUATED_USER_EXT_ID}, 'Certificate') from counted)
      < ${parameter('maxCount', integer())}
    returning ${WRITTEN}`,
});

export const DELETE_CERTIFICATE = changeWithAuditEvent('delete_certificate', {
  locks: EVALUATED_USER,
  write: sql`delete from credentials c
    where ${EVALUATED_ROW} and c.user_ext_id = ${EVALUATED_USER_EXT_ID} and c.type = 'Certificate'
      and exists (select 1 from evaluated_user)
    returning ${REMOVED}`,
  also: DENIED,
});

/** Properties do not depend on the policy, but the user must not have been archived meanwhile. */
export const CHANGE_PROPERTIES = changeWithAuditEvent('change_certificate_properties', {
  locks: EVALUATED_USER,
  write: sql`update credentials c set ${CREDENTIALS.assignments(['properties'])}, ${NEXT_VERSION}
    where ${EVALUATED_ROW} and exists (select 1 from evaluated_user)
    returning ${WRITTEN}`,
});

const NEW_EXT_ID = parameter('newExtId', nullable(CREDENTIALS.columns.extId));
const CHANGED_EXT_ID = parameter('changedExtId', nullable(CREDENTIALS.columns.extId));

/**
 * Finds other unique values that are already taken, for a refused request or a dry run: the extId of a new credential
 * (null if there is none), and the certificate, unless it belongs to the credential that is changed.
 */
export const FIND_TAKEN = statement(
  'find_taken_credential',
  sql`select 'credentials_pk' as "constraint" from credentials
      where client_ext_id = ${clientExtId} and ext_id = ${NEW_EXT_ID}
    union all
    select 'credentials_certificate_unique' from credentials
      where client_ext_id = ${clientExtId} and sha256 = ${sha256} and type = 'Certificate'
        and ext_id is distinct from ${CHANGED_EXT_ID}`,
);
