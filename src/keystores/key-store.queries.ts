import { changeWithTrail } from '../audit/change-with-trail.js';
import { removeWithTrail } from '../audit/remove-with-trail.js';
import type { Statement } from '../database/database.js';
import { ADVISORY_LOCKS } from '../database/locks.js';
import { selection } from '../database/selection.js';

/** The columns of `KeyStoreRow`; an id has a double's 53 bits, and the driver would give a bigint as text. */
const KEY_STORE = `k.id::float8 as "id", ${selection('k', [
  'client_ext_id',
  'incarnation',
  'name',
  'display_name',
  'state',
  'vault_version',
  'subject_dn',
  'expires',
  'p12_sha256',
  'claim',
  'version',
  'created',
  'last_modified',
  'deleted_at',
  'secret_destroyed_at',
])}`;

const ONE = 'k.client_ext_id = $1 and k.id = $2::bigint';

/** One row without an id where the account has none of them; no row where there is no such account. */
const OF_ACCOUNT = `from clients c left join key_stores k on k.client_ext_id = c.ext_id`;

/** $1 account, $2 id. Deleted ones too. */
export const READ_KEY_STORE: Statement = {
  name: 'read_key_store',
  text: `select ${KEY_STORE} from key_stores k join clients c on c.ext_id = k.client_ext_id and c.deleted_at is null
    where ${ONE}`,
};

/** There are at most 1,000 others, and deleted ones without end. */
const MAX_DELETED = 1_000;

/** $1 account, $2 whether deleted ones are wanted, of which the newest are listed. */
export const LIST_KEY_STORES: Statement = {
  name: 'list_key_stores',
  text: `select ${KEY_STORE} from clients c left join lateral (
      (select * from key_stores l where l.client_ext_id = c.ext_id and l.deleted_at is null)
      union all
      (select * from key_stores d where d.client_ext_id = c.ext_id and d.deleted_at is not null and $2::boolean
        order by d.created desc, d.id desc limit ${MAX_DELETED})
    ) k on true
    where c.ext_id = $1 and c.deleted_at is null order by k.created, k.id`,
};

/** What a replacement is judged by. $1 account, $2 ids, $3 names. */
export const READ_KEY_STORES_TO_REPLACE: Statement = {
  name: 'read_key_stores_to_replace',
  text: `select ${KEY_STORE} ${OF_ACCOUNT} and k.deleted_at is null
      and (k.id = any($2::bigint[]) or k.name = any($3::text[]))
    where c.ext_id = $1 and c.deleted_at is null`,
};

const COUNT = 'select count(*)::integer from key_stores where client_ext_id = $1 and deleted_at is null';

/** What a creation is judged by. $1 account, $2 names. */
export const READ_ACCOUNT: Statement = {
  name: 'read_key_store_account',
  text: `select (${COUNT}) as count, array(select name from key_stores
      where client_ext_id = $1 and deleted_at is null and name = any($2::text[])) as taken
    from clients where ext_id = $1 and deleted_at is null`,
};

/** Whoever holds it counts exactly; it is given back with the transaction. $1 account. */
export const LOCK_ACCOUNT: Statement = {
  name: 'lock_key_store_account',
  text: `select 1 from pg_advisory_xact_lock(hashtextextended($1::text, ${ADVISORY_LOCKS.keyStores}))`,
};

/**
 * Nothing happens where the account has as many as $3, or is gone. $1 account, $2 now, $3 most, $4 id, $5 incarnation,
 * $6 name, $7 displayName, $8 subject, $9 expires, $10 SHA-256 of the p12, $11 claim, $12 its moment.
 */
export const CREATE_KEY_STORE: Statement = changeWithTrail({
  name: 'create_key_store',
  locks: ['living_client as (select 1 from clients where ext_id = $1 and deleted_at is null for key share)'],
  write: `insert into key_stores (client_ext_id, state, version, created, last_modified, claimed_at,
      id, incarnation, name, display_name, subject_dn, expires, p12_sha256, claim)
    select $1, 'pending', 1, $2::timestamptz, $2::timestamptz, $12::timestamptz,
      $4::bigint, $5::uuid, $6::text, $7::text, $8::text, $9::timestamptz, $10::bytea, $11::uuid
    from living_client where (${COUNT}) < $3::integer
    returning version, last_modified as at`,
  parameters: 12,
});

/** The vault has it. $1 account, $2 id, $3 claim, $4 version in the vault. */
export const COMPLETE_KEY_STORE: Statement = {
  name: 'complete_key_store',
  text: `update key_stores k set state = 'available', vault_version = $4::integer, claim = null, claimed_at = null
    where ${ONE} and k.claim = $3::uuid and k.deleted_at is null returning 1`,
};

/** The vault has not said that it has it; the claim stays, for it may have. $1 account, $2 id, $3 claim. */
export const GIVE_UP_CREATION: Statement = {
  name: 'give_up_key_store_creation',
  text: `update key_stores k set state = 'unavailable'
    where ${ONE} and k.claim = $3::uuid and k.state = 'pending' and k.deleted_at is null returning 1`,
};

/** Takes it over from whatever operation there was. $1 account, $2 id, $3 claim, $4 its moment. */
export const CLAIM_KEY_STORE: Statement = {
  name: 'claim_key_store',
  text: `update key_stores k set claim = $3::uuid, claimed_at = $4::timestamptz,
      state = case k.state when 'pending' then 'unavailable' else k.state end
    where ${ONE} and k.deleted_at is null returning ${KEY_STORE}`,
};

/** Unless an operation has claimed it by now, which wants to keep it. $1 account, $2 id, $3 claim, $4 its moment. */
export const CLAIM_QUIET_KEY_STORE: Statement = {
  name: 'claim_quiet_key_store',
  text: `update key_stores k set claim = $3::uuid, claimed_at = $4::timestamptz
    where ${ONE} and k.claim is null and k.deleted_at is null returning 1`,
};

/**
 * Metadata and version in the vault change together. $1 account, $2 id, $3 claim, $4 now, $5 name, $6 displayName,
 * $7 subject, $8 expires, $9 SHA-256 of the p12, $10 version in the vault.
 */
export const REPLACE_KEY_STORE: Statement = changeWithTrail({
  name: 'replace_key_store',
  write: `update key_stores k set name = $5::text, display_name = $6::text, subject_dn = $7::text,
      expires = $8::timestamptz, p12_sha256 = $9::bytea, vault_version = $10::integer, state = 'available',
      version = k.version + 1, last_modified = greatest($4::timestamptz, k.last_modified)
    where ${ONE} and k.claim = $3::uuid and k.deleted_at is null
    returning k.version, k.last_modified as at`,
  parameters: 10,
});

/** $1 account, $2 id, $3 claim, $4 now. Its secret goes afterwards. */
export const DELETE_KEY_STORE: Statement = changeWithTrail({
  name: 'delete_key_store',
  write: `update key_stores k set deleted_at = $4::timestamptz, claim = $3::uuid, claimed_at = $4::timestamptz,
      version = k.version + 1, last_modified = greatest($4::timestamptz, k.last_modified)
    where ${ONE} and k.deleted_at is null
    returning k.version, k.last_modified as at, k.vault_version as "vaultVersion"`,
  parameters: 4,
});

/** Both stores agree. $1 account, $2 id, $3 claim. */
export const SETTLE_KEY_STORE: Statement = {
  name: 'settle_key_store',
  text: `update key_stores k set claim = null, claimed_at = null where ${ONE} and k.claim = $3::uuid returning 1`,
};

/** As `SETTLE_KEY_STORE`, with what the vault was found to hold. $4 state, $5 version in the vault. */
export const SETTLE_IN_STATE: Statement = {
  name: 'settle_key_store_in_state',
  text: `update key_stores k set claim = null, claimed_at = null, state = $4::text, vault_version = $5::integer
    where ${ONE} and k.claim = $3::uuid and k.deleted_at is null returning 1`,
};

/** Whether the claim is still held. $1 account, $2 id, $3 claim. */
export const READ_CLAIM_OF_KEY_STORE: Statement = {
  name: 'read_claim_of_key_store',
  text: `select 1 from key_stores k where ${ONE} and k.claim = $3::uuid`,
};

/** The row's secret stands there again under another version. $1 account, $2 id, $3 claim, $4 version in the vault. */
export const MOVE_SECRET_OF_KEY_STORE: Statement = {
  name: 'move_secret_of_key_store',
  text: `update key_stores k set vault_version = $4::integer
    where ${ONE} and k.claim = $3::uuid and k.deleted_at is null returning 1`,
};

/** The claim stays: versions that were on their way may still come. $1 account, $2 id, $3 claim, $4 now. */
export const MARK_SECRET_DESTROYED: Statement = {
  name: 'mark_secret_destroyed',
  text: `update key_stores k set secret_destroyed_at = $4::timestamptz
    where ${ONE} and k.claim = $3::uuid and k.deleted_at is not null returning 1`,
};

/** Of deleted ones whose secrets have been kept for long enough. $1 deleted until, $2 the claim's time, $3 most. */
export const CLAIM_KEY_STORES_TO_DESTROY: Statement = {
  name: 'claim_key_stores_to_destroy',
  text: `update key_stores k set claim = gen_random_uuid(), claimed_at = $2::timestamptz
    from (select client_ext_id, id from key_stores
      where deleted_at is not null and secret_destroyed_at is null and deleted_at <= $1::timestamptz and claim is null
      order by deleted_at limit $3 for update skip locked) due
    where k.client_ext_id = due.client_ext_id and k.id = due.id`,
};

/** What the vault holds of one that nothing is being done to. $1 account, $2 id, $3 version in the vault, $4 state. */
export const CHANGE_STATE_OF_KEY_STORE: Statement = {
  name: 'change_state_of_key_store',
  text: `update key_stores k set state = $4::text
    where ${ONE} and k.vault_version is not distinct from $3::integer and k.claim is null and k.deleted_at is null
    returning 1`,
};

/** A creation that nobody was answered. $1 account, $2 id, $3 claim, then `removalValues`. */
export const REMOVE_PENDING_KEY_STORE: Statement = removeWithTrail({
  name: 'remove_pending_key_store',
  remove: `delete from key_stores k where ${ONE} and k.claim = $3::uuid and k.state = 'pending' and k.deleted_at is null
    returning 'keyStore' as kind, k.id::text as ext_id, null::text as user_ext_id, k.incarnation,
      null::bytea as sha256, k.last_modified`,
  parameters: 3,
});

/** The next ones after one row. $1 claimed before, $2, $3 and $4 that row, $5 at most so many. */
export const READ_CLAIMED_KEY_STORES: Statement = {
  name: 'read_claimed_key_stores',
  text: `select ${KEY_STORE}, k.claimed_at as "claimedAt" from key_stores k
    where k.claimed_at <= $1::timestamptz
      and (k.claimed_at, k.client_ext_id, k.id) > ($2::timestamptz, $3::text collate "C", $4::bigint)
    order by k.claimed_at, k.client_ext_id, k.id limit $5`,
};

/** Deleted clients too: what they have left in the vault. $1 after this one, $2 at most so many. */
export const READ_ACCOUNTS: Statement = {
  name: 'read_key_store_accounts',
  text: `select ext_id as "accountId", deleted_at is not null as "isDeleted"
    from clients where ext_id > $1 order by ext_id limit $2`,
};

/** Those that nothing is being done to, but not the deleted ones. $1 account, $2 after, $3 at most so many. */
export const READ_KEY_STORES_TO_COMPARE: Statement = {
  name: 'read_key_stores_to_compare',
  text: `select ${KEY_STORE} from key_stores k
    where k.client_ext_id = $1 and k.id > $2::bigint and k.claim is null and k.deleted_at is null
    order by k.id limit $3`,
};

/** Which of these ids no row has, not even a deleted one. $1 account, $2 ids. */
export const FIND_UNKNOWN_KEY_STORES: Statement = {
  name: 'find_unknown_key_stores',
  text: `select n.id::float8 as "id" from unnest($2::bigint[]) as n (id)
    where not exists (select 1 from key_stores k where k.client_ext_id = $1 and k.id = n.id)`,
};
