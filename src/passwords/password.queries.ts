import { changeWithAuditEvent } from '../audit/change-with-audit-event.js';
import {
  CHOSEN_POLICY,
  COUNTERS_AND_VERSION,
  EVALUATED,
  EVALUATED_EXT_ID,
  ofOwner,
  OWNER_ACTIVITY,
  OWNER_VERSION,
  POLICY,
  POLICY_EXT_ID,
} from '../credentials/credential.queries.js';
import { CREDENTIAL_COLUMNS, type CredentialRow, CREDENTIALS, STATE_COLUMNS } from '../credentials/credential.table.js';
import type { OwnerActivityRow, OwnerVersionRow, PolicyRow } from '../credentials/owner-access.js';
import { grouped, leftJoined, returns, sql } from '../database/sql.js';
import { shortRead, statement } from '../database/statement.js';
import { REMOVED, WRITTEN } from '../database/versioned.js';
import { PASSWORDS, SECRET_COLUMNS } from './password.table.js';

const { clientExtId, extId, userExtId } = CREDENTIALS.parameters;

const CREDENTIAL = CREDENTIALS.select('c', CREDENTIAL_COLUMNS);

export const READ_PASSWORD = shortRead(
  'read_password',
  sql`select ${CREDENTIAL} from credentials c
    where ${CREDENTIALS.matches('c', ['clientExtId', 'userExtId'])} and c.type = 'Password'`,
);

const OWNER_AND_CREDENTIAL = sql`from users u
    left join credentials c on c.client_ext_id = u.client_ext_id and c.user_ext_id = u.ext_id and c.type = 'Password'`;

const OF_OWNER = sql`where u.client_ext_id = ${clientExtId} and u.ext_id = ${userExtId}`;

/** The password with its owner; the owner is returned even if there is no password. */
export const READ_OWNED_PASSWORD = ofOwner(
  'read_owned_password',
  ({ columns, joins }) => sql`select ${leftJoined(CREDENTIAL)}, ${columns} ${OWNER_AND_CREDENTIAL} ${joins}
    ${OF_OWNER}`,
);

const OWNER = sql`${returns<{ readonly ownerLoginId: string }>('u.login_id as "ownerLoginId"')}, ${OWNER_VERSION}`;

/** Everything that the evaluation of a change needs, in one round trip. */
export const READ_PASSWORD_TO_CHANGE = ofOwner(
  'read_password_to_change',
  ({ columns, joins }) => sql`select ${leftJoined(sql`${CREDENTIAL}, ${POLICY}`)}, ${columns}, ${OWNER}
    ${OWNER_AND_CREDENTIAL}
    left join policies p on p.client_ext_id = c.client_ext_id and p.ext_id = c.policy_ext_id ${joins} ${OF_OWNER}`,
);

/**
 * Everything that the evaluation of a new password needs: its owner, its policy, and whether the user already has one.
 */
export const READ_OWNER_AND_PASSWORD_POLICY = statement(
  'read_owner_and_password_policy',
  sql`select ${leftJoined(sql`${POLICY_EXT_ID}, ${POLICY}`)}, ${OWNER_ACTIVITY}, ${OWNER},
      ${returns<{ readonly userExtId: string }>('u.ext_id as "userExtId"')},
      exists (select 1 from passwords w where w.client_ext_id = u.client_ext_id and w.user_ext_id = u.ext_id)
        ${returns<{ readonly taken: boolean }>('as taken')}
    from users u
    left join policies p on p.client_ext_id = u.client_ext_id and p.policy_type = 'PwdPolicy'
      and case when ${CHOSEN_POLICY} is null then p.default_policy else p.ext_id = ${CHOSEN_POLICY} end
    ${OF_OWNER}`,
);

const CHANGED_COLUMNS = CREDENTIALS.assignments([...STATE_COLUMNS, 'validFrom', 'validTo']);
const CHANGE = sql`update credentials c set ${grouped('next', CHANGED_COLUMNS)}, ${COUNTERS_AND_VERSION}`;

export const CHANGE_STATE = changeWithAuditEvent('change_password_state', { locks: EVALUATED, write: CHANGE });

export const CHANGE_PASSWORD = changeWithAuditEvent('change_password', {
  locks: EVALUATED,
  write: CHANGE,
  also: sql`stored_secret as (update passwords w
      set ${grouped('secret', PASSWORDS.assignments(SECRET_COLUMNS))}, changed_at = changed.at from changed
      where w.client_ext_id = ${clientExtId} and w.credential_ext_id = ${EVALUATED_EXT_ID})`,
});

export const CREATE_PASSWORD = changeWithAuditEvent('create_password', {
  locks: EVALUATED,
  write: sql`insert into credentials (client_ext_id, type, ${CREDENTIALS.names(CREDENTIAL_COLUMNS)})
    select ${clientExtId}, 'Password', ${grouped('next', CREDENTIALS.values(CREDENTIAL_COLUMNS))}
    where exists (select 1 from evaluated_policy)
    returning ${WRITTEN}`,
  also: sql`stored_secret as (insert into passwords (client_ext_id, credential_ext_id, user_ext_id,
        ${PASSWORDS.names(SECRET_COLUMNS)}, changed_at)
      select ${clientExtId}, ${grouped('next', sql`${extId}, ${userExtId}`)},
        ${grouped('secret', PASSWORDS.values(SECRET_COLUMNS))}, changed.at from changed)`,
});

/** Only if it still has the version that was read. */
export const DELETE_PASSWORD = changeWithAuditEvent('delete_password', {
  write: sql`delete from credentials c where ${CREDENTIALS.matches('c', ['clientExtId', 'extId', 'generation', 'version'])}
    returning ${REMOVED}`,
  also: sql`removed_secret as (delete from passwords w using changed
      where w.client_ext_id = ${clientExtId} and w.credential_ext_id = ${extId})`,
});

/** The owner's columns that the evaluation of a password needs. */
interface OwnerRow extends OwnerVersionRow {
  readonly ownerLoginId: string;
}

/** The rows against which a password is evaluated, in the versions that must still be current when it is stored. */
export type OwnerAndPolicyRow = OwnerRow &
  OwnerActivityRow &
  PolicyRow &
  Pick<CredentialRow, 'userExtId' | 'policyExtId'>;

export type EvaluatedPassword = CredentialRow & OwnerAndPolicyRow;
