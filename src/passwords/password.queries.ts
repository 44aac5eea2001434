import { changeWithTrail } from '../audit/change-with-trail.js';
import {
  columnAssignments,
  columnNames,
  columnValues,
  countersAfter,
  CREDENTIAL_COLUMNS,
  JUDGED,
  JUDGED_ROW,
  ofOwner,
  STATE_COLUMNS,
  WRITTEN,
} from '../credentials/credential.queries.js';
import type { Statement } from '../database/database.js';
import { selection } from '../database/selection.js';

const CREDENTIAL = selection('c', CREDENTIAL_COLUMNS);

/** $1 client, $2 user. */
export const READ_PASSWORD: Statement = {
  name: 'read_password',
  text: `select ${CREDENTIAL} from credentials c
    where c.client_ext_id = $1 and c.user_ext_id = $2 and c.type = 'Password'`,
};

const OWNER_AND_CREDENTIAL = `from users u
    left join credentials c on c.client_ext_id = u.client_ext_id and c.user_ext_id = u.ext_id and c.type = 'Password'`;

/** With its owner, who is there also where it is not. $1 client, $2 user. */
export const READ_OWNED_PASSWORD = ofOwner(
  'read_owned_password',
  ({ columns, joins }) => `select ${CREDENTIAL}, ${columns} ${OWNER_AND_CREDENTIAL} ${joins}
    where u.client_ext_id = $1 and u.ext_id = $2`,
);

const JUDGES = `u.login_id as "ownerLoginId", u.version as "ownerVersion",
  p.parameters::text as "policyParameters", p.version as "policyVersion"`;

/** Everything that a change is judged by, in one round trip. $1 client, $2 user. */
export const READ_PASSWORD_TO_CHANGE = ofOwner(
  'read_password_to_change',
  ({ columns, joins }) => `select ${CREDENTIAL}, ${columns}, ${JUDGES} ${OWNER_AND_CREDENTIAL}
    left join policies p on p.client_ext_id = c.client_ext_id and p.ext_id = c.policy_ext_id ${joins}
    where u.client_ext_id = $1 and u.ext_id = $2`,
);

/**
 * The user, whether he has a password already, and the policy that a new one is judged by: the client's default where
 * $3 is null. $1 client, $2 user.
 */
export const READ_PASSWORD_JUDGES: Statement = {
  name: 'read_password_judges',
  text: `select p.ext_id as "policyExtId", u.state as "ownerState", ${JUDGES},
      exists (select 1 from passwords w where w.client_ext_id = u.client_ext_id and w.user_ext_id = u.ext_id) as taken
    from users u
    left join policies p on p.client_ext_id = u.client_ext_id and p.policy_type = 'PwdPolicy'
      and case when $3::text is null then p.default_policy else p.ext_id = $3 end
    where u.client_ext_id = $1 and u.ext_id = $2`,
};

/** What a change may set, in the order of its parameters. */
const COLUMNS = [...STATE_COLUMNS, 'valid_from timestamptz', 'valid_to timestamptz'];

/** The parameters of `JUDGED` and `JUDGED_ROW`, $10 now; the columns begin at $11, then a `CounterReset`. */
const CHANGE_FIRST_COLUMN = 11;
const RESET = CHANGE_FIRST_COLUMN + COLUMNS.length;

const CHANGE = `update credentials c set ${columnAssignments(COLUMNS, CHANGE_FIRST_COLUMN)}, ${countersAfter(RESET)},
      version = c.version + 1, last_modified = greatest($10::timestamptz, c.last_modified)
      where ${JUDGED_ROW} returning ${WRITTEN}`;

export const CHANGE_STATE: Statement = changeWithTrail({
  name: 'change_password_state',
  locks: JUDGED,
  write: CHANGE,
  parameters: RESET,
});

/** As `CHANGE_STATE`, then hash and generation. */
export const CHANGE_PASSWORD: Statement = changeWithTrail({
  name: 'change_password',
  locks: JUDGED,
  write: CHANGE,
  also: [
    `secret as (update passwords w set hash = $${RESET + 1}::text, generation = $${RESET + 2}::uuid,
      changed_at = changed.at from changed where w.client_ext_id = $1 and w.credential_ext_id = $6)`,
  ],
  parameters: RESET + 2,
});

const NEW_COLUMNS = ['ext_id text', 'incarnation uuid', 'user_ext_id text', 'policy_ext_id text', ...COLUMNS];

/** The parameters of `JUDGED`, $6 now; the columns begin at $7, then hash and generation. */
const CREATE_FIRST_COLUMN = 7;
const HASH = CREATE_FIRST_COLUMN + NEW_COLUMNS.length;

export const CREATE_PASSWORD: Statement = changeWithTrail({
  name: 'create_password',
  locks: JUDGED,
  write: `insert into credentials (client_ext_id, type, successes, failures, failures_since_lock, version, created,
      last_modified, ${columnNames(NEW_COLUMNS)})
    select $1, 'Password', 0, 0, 0, 1, $6::timestamptz, $6::timestamptz,
      ${columnValues(NEW_COLUMNS, CREATE_FIRST_COLUMN)}
    where exists (select 1 from judged_policy)
    returning version, last_modified as at`,
  also: [
    `secret as (insert into passwords (client_ext_id, credential_ext_id, user_ext_id, hash, generation, changed_at)
      select $1, $7::text, $2, $${HASH}::text, $${HASH + 1}::uuid, changed.at from changed)`,
  ],
  parameters: HASH + 1,
});

/** $2 credential, $3 version that was judged, $4 now. */
export const DELETE_PASSWORD: Statement = changeWithTrail({
  name: 'delete_password',
  write: `delete from credentials c where c.client_ext_id = $1 and c.ext_id = $2 and c.version = $3
    returning null::integer as version, greatest($4::timestamptz, c.last_modified) as at`,
  also: [`secret as (delete from passwords w using changed where w.client_ext_id = $1 and w.credential_ext_id = $2)`],
  parameters: 4,
});
