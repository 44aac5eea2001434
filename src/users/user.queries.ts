import { changeWithTrail } from '../audit/change-with-trail.js';
import { OWN_PASSWORD, OWN_PASSWORD_JOIN } from '../auth/own-user.js';
import type { Statement } from '../database/database.js';
import { selection } from '../database/selection.js';
import { closeUserTurnstile, USER_PASSED } from '../database/turnstile.js';

/** What a request can set, in the order of `userValues`. */
const SETTABLE = [
  'login_id text',
  'login_id_folded text',
  'state text',
  'language_code text',
  'title text',
  'first_name text',
  'family_name text',
  'sex text',
  'gender text',
  'birth_date text',
  'address jsonb',
  'telephone text',
  'telefax text',
  'mobile text',
  'email text',
  'valid_from timestamptz',
  'valid_to timestamptz',
  'properties jsonb',
  'remarks text',
  'modification_comment text',
].map((column) => column.split(' ') as [name: string, type: string]);

/** The columns of `UserRow`. */
export const USER = selection('u', [
  'client_ext_id',
  'ext_id',
  'incarnation',
  'is_technical_user',
  ...SETTABLE.map(([name]) => name).filter((name) => name !== 'login_id_folded'),
  'version',
  'created',
  'last_modified',
]);

/** $1 client, $2 user. */
export const READ_USER: Statement = {
  name: 'read_user',
  text: `select ${USER} from users u where u.client_ext_id = $1 and u.ext_id = $2`,
};

/** As `READ_USER`, with what ends the life of his X-Tokens. */
export const READ_OWN_USER: Statement = {
  name: 'read_own_user',
  text: `select ${USER}, ${OWN_PASSWORD} from users u ${OWN_PASSWORD_JOIN}
    where u.client_ext_id = $1 and u.ext_id = $2`,
};

/**
 * What a user that was refused would meet besides. $1 client, $2 extId of a new user, $3 folded loginId, each null
 * where it is not asked for, $4 the user that is changed.
 */
export const FIND_TAKEN: Statement = {
  name: 'find_taken_user',
  text: `select 'users_pk' as "constraint" from users where client_ext_id = $1 and ext_id = $2
    union all
    select 'users_login_id_unique' from users
      where client_ext_id = $1 and login_id_folded = $3 and ext_id is distinct from $4`,
};

/** Nobody else changes him, or gives him a credential, until the transaction ends. $1 client, $2 user. */
export const LOCK_USER: Statement = {
  name: 'lock_user_to_change',
  text: `with ${closeUserTurnstile('$2')}
    select 1 from users where client_ext_id = $1 and ext_id = $2 and ${USER_PASSED} for update`,
};

/** $2 now, $3 extId, $4 incarnation, $5 isTechnicalUser, then `userValues`. */
const FIRST_NEW = 6;

export const CREATE_USER: Statement = changeWithTrail({
  name: 'create_user',
  // A client that is being deleted is waited for, and then gets no user any more.
  locks: ['living_client as (select 1 from clients where ext_id = $1 and deleted_at is null for key share)'],
  write: `insert into users (client_ext_id, version, created, last_modified, ext_id, incarnation, is_technical_user,
      ${SETTABLE.map(([name]) => name).join(', ')})
    select $1, 1, $2::timestamptz, $2::timestamptz, $3::text, $4::uuid, $5::boolean,
      ${SETTABLE.map(([, type], index) => `$${FIRST_NEW + index}::${type}`).join(', ')}
    from living_client
    returning version, last_modified as at`,
  parameters: FIRST_NEW + SETTABLE.length - 1,
});

/** $2 user, $3 the version that was read, $4 now, then `userValues`. */
const FIRST_CHANGED = 5;

export const CHANGE_USER: Statement = changeWithTrail({
  name: 'change_user',
  locks: [closeUserTurnstile('$2')],
  write: `update users u set
      ${SETTABLE.map(([name, type], index) => `${name} = $${FIRST_CHANGED + index}::${type}`).join(', ')},
      version = u.version + 1, last_modified = greatest($4::timestamptz, u.last_modified)
    where u.client_ext_id = $1 and u.ext_id = $2 and u.version = $3 and ${USER_PASSED}
    returning u.version, u.last_modified as at`,
  parameters: FIRST_CHANGED + SETTABLE.length - 1,
});
