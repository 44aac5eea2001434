import { changeWithTrail } from '../audit/change-with-trail.js';
import type { Statement } from '../database/database.js';
import { selection } from '../database/selection.js';

/** The columns of a credential that an answer or a decision needs; they arrive under the names of `CertificateRow`. */
const CREDENTIAL_COLUMNS = [
  'ext_id',
  'user_ext_id',
  'policy_ext_id',
  'incarnation',
  'state',
  'state_set_by',
  'reason',
  'detail',
  'comment',
  'valid_from',
  'valid_to',
  'properties',
  'der',
  'sha256',
  'sha1',
  'subject_dn',
  'issuer_dn',
  'serial',
  'ski',
  'successes',
  'failures',
  'failures_since_lock',
  'last_success',
  'last_failure',
  'lock',
  'lock_reason',
  'locked_until',
  'version',
  'created',
  'last_modified',
];

export const CREDENTIAL = selection('c', CREDENTIAL_COLUMNS);

/** What a user's own access is decided by (contract 4.4). */
const OWNER = `u.state as "ownerState", u.valid_from as "ownerValidFrom", u.valid_to as "ownerValidTo"`;

/** What a policy judges a certificate by, and the versions that must still hold when it is stored. */
const JUDGES = `u.login_id as "ownerLoginId", u.first_name as "ownerFirstName", u.family_name as "ownerFamilyName",
  u.email as "ownerEmail", u.version as "ownerVersion",
  p.parameters::text as "policyParameters", p.version as "policyVersion"`;

/** $1 client, $2 credential, $3 user. */
export const READ_CERTIFICATE: Statement = {
  name: 'read_certificate',
  text: `select ${CREDENTIAL} from credentials c
    where c.client_ext_id = $1 and c.ext_id = $2 and c.user_ext_id = $3 and c.type = 'Certificate'`,
};

const OWNER_AND_CREDENTIAL = `from users u
    left join credentials c on c.client_ext_id = u.client_ext_id and c.ext_id = $2 and c.user_ext_id = u.ext_id
      and c.type = 'Certificate'`;

/** For a caller whose own state decides whether he may read it. $1 client, $2 credential, $3 user. */
export const READ_OWN_CERTIFICATE: Statement = {
  name: 'read_own_certificate',
  text: `select ${CREDENTIAL}, ${OWNER} ${OWNER_AND_CREDENTIAL} where u.client_ext_id = $1 and u.ext_id = $3`,
};

/** $1 client, $2 user. */
export const READ_OWNER: Statement = {
  name: 'read_owner',
  text: `select ${OWNER} from users u where u.client_ext_id = $1 and u.ext_id = $2`,
};

/** Everything that a change is judged by, in one round trip. $1 client, $2 credential, $3 user. */
export const READ_CERTIFICATE_TO_CHANGE: Statement = {
  name: 'read_certificate_to_change',
  text: `select ${CREDENTIAL}, ${OWNER}, ${JUDGES} ${OWNER_AND_CREDENTIAL}
    left join policies p on p.client_ext_id = c.client_ext_id and p.ext_id = c.policy_ext_id
    where u.client_ext_id = $1 and u.ext_id = $3`,
};

/** The user and the policy, the client's default where $3 is null, that a new certificate is judged by. */
export const READ_JUDGES: Statement = {
  name: 'read_judges',
  text: `select p.ext_id as "policyExtId", ${OWNER}, ${JUDGES} from users u
    left join policies p on p.client_ext_id = u.client_ext_id and p.policy_type = 'CertificatePolicy'
      and case when $3::text is null then p.default_policy else p.ext_id = $3 end
    where u.client_ext_id = $1 and u.ext_id = $2`,
};

/** The order in which everything that touches several rows takes them: user, policy, credential. */
export const LOCK_USER: Statement = {
  name: 'lock_user',
  text: 'select 1 from users where client_ext_id = $1 and ext_id = $2 for share',
};

export const LOCK_POLICY_OF_CREDENTIAL: Statement = {
  name: 'lock_policy_of_credential',
  text: `select 1 from policies p join credentials c
      on c.client_ext_id = p.client_ext_id and c.policy_ext_id = p.ext_id
    where c.client_ext_id = $1 and c.ext_id = $2 for share of p`,
};

export const LOCK_POLICY: Statement = {
  name: 'lock_policy',
  text: `select 1 from policies where client_ext_id = $1 and policy_type = 'CertificatePolicy'
      and case when $2::text is null then default_policy else ext_id = $2 end for share`,
};

export const LOCK_CREDENTIAL: Statement = {
  name: 'lock_credential',
  text: 'select 1 from credentials where client_ext_id = $1 and ext_id = $2 for update',
};

/**
 * The rows that a change was judged by, locked in their order and only in the version that was judged. The policy waits
 * for the user's lock because it asks whether that row was there. $2 user, $3 its version, $4 policy, $5 its version.
 */
const JUDGED = [
  `judged_user as (select 1 from users where client_ext_id = $1 and ext_id = $2 and version = $3 for share)`,
  `judged_policy as (select 1 from policies where client_ext_id = $1 and ext_id = $4 and version = $5
    and exists (select 1 from judged_user) for share)`,
];

/** The columns that every change may set, in the order of their parameters. */
export const STATE_COLUMNS = [
  'state text',
  'state_set_by text',
  'reason text',
  'detail text',
  'comment text',
  'lock text',
  'lock_reason text',
  'locked_until timestamptz',
] as const;

/** What a new certificate sets beside them. */
export const CERTIFICATE_COLUMNS = [
  'der bytea',
  'sha256 bytea',
  'sha1 bytea',
  'subject_dn text',
  'issuer_dn text',
  'serial text',
  'ski bytea',
  'not_before timestamptz',
  'not_after timestamptz',
  'valid_from timestamptz',
  'valid_to timestamptz',
] as const;

/** $6 credential, $7 its judged version, $8 and $9 its judged lock, $10 now; the columns begin at $11. */
const CHANGE_FIRST_COLUMN = 11;

const JUDGED_ROW = `c.client_ext_id = $1 and c.ext_id = $6 and c.version = $7
    and c.lock is not distinct from $8 and c.locked_until is not distinct from $9::timestamptz
    and exists (select 1 from judged_policy)`;

const RETURNED = `c.version, c.last_modified as at, ${selection('c', [
  'successes',
  'failures',
  'failures_since_lock',
  'last_success',
  'last_failure',
])}`;

/** Which login counters a change forgets: leaving a lock by hand the failures, another certificate all (6.5). */
export type CounterReset = 'none' | 'failures' | 'all';

/**
 * Logins touch their own columns without a new version, so what this sets of those is relative to the row as it is:
 * the counters begin anew or stay, and never go back to what was read.
 */
function changeStatement(name: string, columns: readonly string[]): Statement {
  const assignments = columns.map((column, index) => {
    const [columnName, type] = column.split(' ');
    return `${columnName} = $${CHANGE_FIRST_COLUMN + index}::${type}`;
  });
  const reset = CHANGE_FIRST_COLUMN + columns.length;
  return changeWithTrail({
    name,
    locks: JUDGED,
    write: `update credentials c set ${assignments.join(', ')},
      successes = case when $${reset}::text = 'all' then 0 else c.successes end,
      failures = case when $${reset} = 'none' then c.failures else 0 end,
      failures_since_lock = case when $${reset} = 'none' then c.failures_since_lock else 0 end,
      version = c.version + 1, last_modified = greatest($10::timestamptz, c.last_modified)
      where ${JUDGED_ROW} returning ${RETURNED}`,
    parameters: reset,
  });
}

/** The columns of `STATE_COLUMNS`, then a `CounterReset`. */
export const CHANGE_STATE = changeStatement('change_certificate_state', STATE_COLUMNS);

/** The columns of `STATE_COLUMNS` and `CERTIFICATE_COLUMNS`, then a `CounterReset`. */
export const CHANGE_CERTIFICATE = changeStatement('change_certificate', [...STATE_COLUMNS, ...CERTIFICATE_COLUMNS]);

const NEW_COLUMNS = [
  'ext_id text',
  'incarnation uuid',
  'user_ext_id text',
  'policy_ext_id text',
  ...STATE_COLUMNS,
  ...CERTIFICATE_COLUMNS,
];

/** $6 now; the columns begin at $7. */
const CREATE_FIRST_COLUMN = 7;

export const CREATE_CERTIFICATE: Statement = changeWithTrail({
  name: 'create_certificate',
  locks: JUDGED,
  write: `insert into credentials (client_ext_id, type, successes, failures, failures_since_lock, version, created,
      last_modified, ${NEW_COLUMNS.map((column) => column.split(' ')[0]).join(', ')})
    select $1, 'Certificate', 0, 0, 0, 1, $6::timestamptz, $6::timestamptz,
      ${NEW_COLUMNS.map((column, index) => `$${CREATE_FIRST_COLUMN + index}::${column.split(' ')[1]}`).join(', ')}
    where exists (select 1 from judged_policy)
    returning version, last_modified as at`,
  parameters: CREATE_FIRST_COLUMN - 1 + NEW_COLUMNS.length,
});

/** $2 credential, $3 user, $4 version that was judged, $5 and $6 its judged lock, $7 now. */
export const DELETE_CERTIFICATE: Statement = changeWithTrail({
  name: 'delete_certificate',
  write: `delete from credentials c where c.client_ext_id = $1 and c.ext_id = $2 and c.user_ext_id = $3
      and c.type = 'Certificate' and c.version = $4
      and c.lock is not distinct from $5 and c.locked_until is not distinct from $6::timestamptz
    returning null::integer as version, greatest($7::timestamptz, c.last_modified) as at`,
  parameters: 7,
});

/** Asked by a dry run only, which cannot learn it from the unique index. $1 client, $2 SHA-256. */
export const FIND_CERTIFICATE: Statement = {
  name: 'find_certificate',
  text: `select 1 from credentials where client_ext_id = $1 and sha256 = $2 and type = 'Certificate'`,
};

/** Asked by a dry run only. $1 client, $2 extId. */
export const FIND_CREDENTIAL: Statement = {
  name: 'find_credential',
  text: 'select 1 from credentials where client_ext_id = $1 and ext_id = $2',
};
