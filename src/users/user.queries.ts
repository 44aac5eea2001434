import { changeWithAuditEvent } from '../audit/change-with-audit-event.js';
import { removeWithAuditEvents } from '../audit/remove-with-audit-events.js';
import { OWN_PASSWORD, OWN_PASSWORD_JOIN, type OwnPassword } from '../auth/own-user.js';
import { nullable } from '../database/column.js';
import { lockUserAlone, USER_LOCKED } from '../database/fair-lock.js';
import { parameter, returns, sql } from '../database/sql.js';
import { shortRead, statement } from '../database/statement.js';
import { NEXT_VERSION, REMOVED, WRITTEN } from '../database/versioned.js';
import { DENIED } from '../denials/denied.js';
import { SEARCH_COLUMNS, SETTABLE_COLUMNS, USER_COLUMNS, USERS } from './user.table.js';

const { clientExtId, extId } = USERS.parameters;
const USER = USERS.select('u', USER_COLUMNS);
const BY_KEY = USERS.matches('u', ['clientExtId', 'extId']);
const LOCK = lockUserAlone(extId);

export const READ_USER = shortRead('read_user', sql`select ${USER} from users u where ${BY_KEY}`);

/** Like `READ_USER`, with the password for which an X-Token must have been issued. */
export const READ_OWN_USER = shortRead(
  'read_own_user',
  sql`select ${USER}, ${returns<OwnPassword>(OWN_PASSWORD)} from users u ${returns<unknown>(OWN_PASSWORD_JOIN)}
    where ${BY_KEY}`,
);

const NEW_EXT_ID = parameter('newExtId', nullable(USERS.columns.extId));
const LOGIN_ID_FOLDED = parameter('loginIdFolded', nullable(USERS.columns.loginIdFolded));
const CHANGED_EXT_ID = parameter('changedExtId', nullable(USERS.columns.extId));

/** Finds other unique values that are already taken, for a refused user; null for values that are not checked. */
export const FIND_TAKEN = statement(
  'find_taken_user',
  sql`select 'users_pk' as "constraint" from users where client_ext_id = ${clientExtId} and ext_id = ${NEW_EXT_ID}
    union all
    select 'users_login_id_unique' from users
      where client_ext_id = ${clientExtId} and login_id_folded = ${LOGIN_ID_FOLDED}
        and ext_id is distinct from ${CHANGED_EXT_ID}`,
);

/** Locks the user until the transaction ends: no other transaction can change the user or add a credential. */
export const LOCK_USER = statement(
  'lock_user_to_change',
  sql`with ${LOCK} select 1 from users u where ${BY_KEY} and ${USER_LOCKED} for update`,
);

export const CREATE_USER = changeWithAuditEvent('create_user', {
  // Waits for a deletion of the client, and then finds none.
  locks: sql`existing_client as (
    select 1 from clients where ext_id = ${clientExtId} and deleted_at is null for key share)`,
  write: sql`insert into users (${USERS.names()}) select ${USERS.values()} from existing_client returning ${WRITTEN}`,
});

/** Only if it still has the version that was read. */
export const CHANGE_USER = changeWithAuditEvent('change_user', {
  locks: LOCK,
  write: sql`update users u set ${USERS.assignments([...SETTABLE_COLUMNS, 'loginIdFolded', ...SEARCH_COLUMNS])}, ${NEXT_VERSION}
    where ${USERS.matches('u', ['clientExtId', 'extId', 'generation', 'version'])} and ${USER_LOCKED}
    returning ${WRITTEN}`,
  also: DENIED,
});

export const REMOVE_CREDENTIALS = removeWithAuditEvents('remove_credentials_of_user', {
  before: sql`removed_passwords as (
    delete from passwords where client_ext_id = ${clientExtId} and user_ext_id = ${extId})`,
  remove: sql`delete from credentials where client_ext_id = ${clientExtId} and user_ext_id = ${extId}
    returning case type when 'Password' then 'password' else 'certificate' end as kind,
      ext_id, user_ext_id, generation, sha256, last_modified`,
});

/** For a user who is locked and has no more credentials. */
export const REMOVE_USER = changeWithAuditEvent('remove_user', {
  write: sql`delete from users u where ${BY_KEY} returning ${REMOVED}`,
  also: DENIED,
});

const PRINCIPAL_COLUMNS = USERS.select('u', [
  'clientExtId',
  'extId',
  'loginId',
  'firstName',
  'familyName',
  'email',
  'languageCode',
  'state',
  'validFrom',
  'validTo',
]);

/** What callers may read about themselves, with the name of their client. */
export const READ_PRINCIPAL = shortRead(
  'read_principal',
  sql`select ${PRINCIPAL_COLUMNS}, ${returns<{ readonly clientName: string }>('c.name as "clientName"')}
    from users u join clients c on c.ext_id = u.client_ext_id
    where ${USERS.matches('u', ['clientExtId', 'extId'])}`,
);
