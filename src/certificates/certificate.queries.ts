import { changeWithTrail } from '../audit/change-with-trail.js';
import {
  columnAssignments,
  columnNames,
  columnValues,
  COUNTED,
  countersAfter,
  CREDENTIAL_COLUMNS,
  JUDGED,
  JUDGED_ROW,
  judgedUser,
  ofOwner,
  STATE_COLUMNS,
  WRITTEN,
} from '../credentials/credential.queries.js';
import type { Statement } from '../database/database.js';
import { octetsOf } from '../database/page-rows.js';
import { selection } from '../database/selection.js';

/** The columns of `CertificateRow`. */
export const CREDENTIAL = selection('c', [
  ...CREDENTIAL_COLUMNS,
  'der',
  'sha256',
  'sha1',
  'subject_dn',
  'issuer_dn',
  'serial',
  'ski',
]);

/** Of a row of credentials in a page. */
export function credentialOctets(table: string): string {
  const plain = ['der', 'subject_dn', 'issuer_dn', 'serial', 'comment', 'detail'];
  return octetsOf(table, { plain, composite: ['properties'] });
}

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

/** With its owner, who is there also where it is not. $1 client, $2 credential, $3 user. */
export const READ_OWNED_CERTIFICATE = ofOwner(
  'read_owned_certificate',
  ({ columns, joins }) => `select ${CREDENTIAL}, ${columns}, u.version as "ownerVersion"
    ${OWNER_AND_CREDENTIAL} ${joins}
    where u.client_ext_id = $1 and u.ext_id = $3`,
);

/** $1 client, $2 user. */
export const READ_OWNER = ofOwner(
  'read_owner',
  ({ columns, joins }) => `select ${columns} from users u ${joins} where u.client_ext_id = $1 and u.ext_id = $2`,
);

/** Everything that a change is judged by, in one round trip. $1 client, $2 credential, $3 user. */
export const READ_CERTIFICATE_TO_CHANGE = ofOwner(
  'read_certificate_to_change',
  ({ columns, joins }) => `select ${CREDENTIAL}, ${columns}, ${JUDGES} ${OWNER_AND_CREDENTIAL}
    left join policies p on p.client_ext_id = c.client_ext_id and p.ext_id = c.policy_ext_id ${joins}
    where u.client_ext_id = $1 and u.ext_id = $3`,
);

/** The user and the policy, the client's default where $3 is null, that a new certificate is judged by. */
export const READ_JUDGES = ofOwner(
  'read_judges',
  ({ columns, joins }) => `select p.ext_id as "policyExtId", ${columns}, ${JUDGES},
      (select count(*)::integer from credentials c where c.client_ext_id = u.client_ext_id
        and c.user_ext_id = u.ext_id and c.type = 'Certificate') as count
    from users u
    left join policies p on p.client_ext_id = u.client_ext_id and p.policy_type = 'CertificatePolicy'
      and case when $3::text is null then p.default_policy else p.ext_id = $3 end ${joins}
    where u.client_ext_id = $1 and u.ext_id = $2`,
);

/**
 * What a new certificate sets beside `STATE_COLUMNS`.
 * @public The bare server of the benchmark builds the same statement's values, out of `dist`.
 */
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

/** The parameters of `JUDGED` and `JUDGED_ROW`, $10 now; the columns begin at $11. */
const CHANGE_FIRST_COLUMN = 11;

function changeStatement(name: string, columns: readonly string[]): Statement {
  const reset = CHANGE_FIRST_COLUMN + columns.length;
  return changeWithTrail({
    name,
    locks: JUDGED,
    write: `update credentials c set ${columnAssignments(columns, CHANGE_FIRST_COLUMN)}, ${countersAfter(reset)},
      version = c.version + 1, last_modified = greatest($10::timestamptz, c.last_modified)
      where ${JUDGED_ROW} returning ${WRITTEN}`,
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

/** The parameters of `JUDGED`, $6 now, $7 how many certificates the user may have; the columns begin at $8. */
const CREATE_FIRST_COLUMN = 8;

export const CREATE_CERTIFICATE: Statement = changeWithTrail({
  name: 'create_certificate',
  locks: [...JUDGED, COUNTED],
  write: `insert into credentials (client_ext_id, type, successes, failures, failures_since_lock, version, created,
      last_modified, ${columnNames(NEW_COLUMNS)})
    select $1, 'Certificate', 0, 0, 0, 1, $6::timestamptz, $6::timestamptz,
      ${columnValues(NEW_COLUMNS, CREATE_FIRST_COLUMN)}
    where (select count_credentials($1, $2, 'Certificate') from counted) < $7::integer
    returning version, last_modified as at`,
  parameters: CREATE_FIRST_COLUMN - 1 + NEW_COLUMNS.length,
});

/** $2 credential, $3 user, $4 version that was judged, $5 and $6 its judged lock, $7 now, $8 the user's judged version. */
export const DELETE_CERTIFICATE: Statement = changeWithTrail({
  name: 'delete_certificate',
  locks: judgedUser('$3', '$8'),
  write: `delete from credentials c where c.client_ext_id = $1 and c.ext_id = $2 and c.user_ext_id = $3
      and c.type = 'Certificate' and c.version = $4
      and c.lock is not distinct from $5 and c.locked_until is not distinct from $6::timestamptz
      and exists (select 1 from judged_user)
    returning null::integer as version, greatest($7::timestamptz, c.last_modified) as at`,
  parameters: 8,
});

/**
 * What a certificate that was refused, or a dry run, would meet besides. $1 client, $2 extId of a new credential, $3
 * SHA-256, each null where it is not asked for, $4 the credential whose certificate is replaced.
 */
export const FIND_TAKEN: Statement = {
  name: 'find_taken_credential',
  text: `select 'credentials_pk' as "constraint" from credentials where client_ext_id = $1 and ext_id = $2
    union all
    select 'credentials_certificate_unique' from credentials
      where client_ext_id = $1 and sha256 = $3 and type = 'Certificate' and ext_id is distinct from $4`,
};
