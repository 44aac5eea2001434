import { changeWithAuditEvent } from '../audit/change-with-audit-event.js';
import { removeWithAuditEvents } from '../audit/remove-with-audit-events.js';
import { bigint, boolean, identifier, instant, integer, texts } from '../database/column.js';
import { ADVISORY_LOCKS } from '../database/locks.js';
import { leftJoined, parameter, returns, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { NEXT_VERSION, NOW, WRITTEN } from '../database/versioned.js';
import { CLAIMED_KEY, CONTENT_COLUMNS, KEY_STORE_COLUMNS, KEY_STORE_KEY, KEY_STORES } from './key-store.table.js';

const { clientExtId, vaultVersion } = KEY_STORES.parameters;
const KEY_STORE = KEY_STORES.select('k', KEY_STORE_COLUMNS);
const ONE = KEY_STORES.matches('k', KEY_STORE_KEY);
/** Matches while the operation still has its claim; never without a claim. */
const CLAIMED = KEY_STORES.matches('k', CLAIMED_KEY);
const SET_CLAIM = KEY_STORES.assignments(['claim', 'claimedAt']);
const EXISTING_ACCOUNT = sql`c.ext_id = ${clientExtId} and c.deleted_at is null`;
/** Sent as decimal text, because no column type is a list of bigints. */
const IDS = sql`${parameter('ids', texts())}::bigint[]`;
const NAMES = parameter('names', texts());
const LIMIT = parameter('limit', integer());

/** Includes deleted ones. */
export const READ_KEY_STORE = statement(
  'read_key_store',
  sql`select ${KEY_STORE} from key_stores k join clients c on c.ext_id = k.client_ext_id and c.deleted_at is null
    where ${ONE}`,
);

/** There are at most 1,000 others, but any number of deleted ones. */
const MAX_DELETED = 1_000;

const INCLUDE_DELETED = parameter('includeDeleted', boolean());

/** Includes only the newest deleted ones. One row of nulls if there are none; no row if the account does not exist. */
export const LIST_KEY_STORES = statement(
  'list_key_stores',
  sql`select ${leftJoined(KEY_STORE)} from clients c left join lateral (
      (select * from key_stores l where l.client_ext_id = c.ext_id and l.deleted_at is null)
      union all
      (select * from key_stores d where d.client_ext_id = c.ext_id and d.deleted_at is not null and ${INCLUDE_DELETED}
        order by d.created desc, d.id desc limit ${MAX_DELETED})
    ) k on true
    where ${EXISTING_ACCOUNT} order by k.created, k.id`,
);

/**
 * The rows for the evaluation of a replacement; one row of nulls if there are none; no row if the account does not
 * exist.
 */
export const READ_KEY_STORES_TO_REPLACE = statement(
  'read_key_stores_to_replace',
  sql`select ${leftJoined(KEY_STORE)} from clients c left join key_stores k on k.client_ext_id = c.ext_id
      and k.deleted_at is null and (k.id = any(${IDS}) or k.name = any(${NAMES}))
    where ${EXISTING_ACCOUNT}`,
);

const COUNT = sql`select count(*)::integer from key_stores where client_ext_id = ${clientExtId} and deleted_at is null`;

/** The data for the evaluation of a creation. */
export const READ_ACCOUNT = statement(
  'read_key_store_account',
  sql`select (${COUNT}) ${returns<{ readonly count: number }>('as count')},
      array(select name from key_stores where client_ext_id = ${clientExtId} and deleted_at is null
        and name = any(${NAMES})) ${returns<{ readonly taken: readonly string[] }>('as taken')}
    from clients c where ${EXISTING_ACCOUNT}`,
);

/** Makes the count exact until the transaction ends. */
export const LOCK_ACCOUNT = statement(
  'lock_key_store_account',
  sql`select 1 from pg_advisory_xact_lock(hashtextextended(${clientExtId}, ${ADVISORY_LOCKS.keyStores}))`,
);

/** Does nothing if the account has `maxCount` key stores or does not exist. */
export const CREATE_KEY_STORE = changeWithAuditEvent('create_key_store', {
  locks: sql`existing_client as (select 1 from clients c where ${EXISTING_ACCOUNT} for key share)`,
  write: sql`insert into key_stores (${KEY_STORES.names()})
    select ${KEY_STORES.values()} from existing_client where (${COUNT}) < ${parameter('maxCount', integer())}
    returning ${WRITTEN}`,
});

/** Called once the vault has stored the secret. */
export const COMPLETE_KEY_STORE = statement(
  'complete_key_store',
  sql`update key_stores k set state = 'available', vault_version = ${vaultVersion}, claim = null, claimed_at = null
    where ${CLAIMED} and k.deleted_at is null returning 1`,
);

/** Called if the vault has not confirmed the secret. Keeps the claim, because the vault may have stored it. */
export const GIVE_UP_CREATION = statement(
  'give_up_key_store_creation',
  sql`update key_stores k set state = 'unavailable'
    where ${CLAIMED} and k.state = 'pending' and k.deleted_at is null returning 1`,
);

/** Takes over the claim of another operation, if there is one. */
export const CLAIM_KEY_STORE = statement(
  'claim_key_store',
  sql`update key_stores k set ${SET_CLAIM}, state = case k.state when 'pending' then 'unavailable' else k.state end
    where ${ONE} and k.deleted_at is null returning ${KEY_STORE}`,
);

/** Does nothing if an operation has claimed it. */
export const CLAIM_QUIET_KEY_STORE = statement(
  'claim_quiet_key_store',
  sql`update key_stores k set ${SET_CLAIM} where ${ONE} and k.claim is null and k.deleted_at is null returning 1`,
);

/** The columns that REPLACE_KEY_STORE changes: the metadata together with the version in the vault. */
export const REPLACED_COLUMNS = ['name', 'displayName', ...CONTENT_COLUMNS, 'vaultVersion'] as const;

export const REPLACE_KEY_STORE = changeWithAuditEvent('replace_key_store', {
  write: sql`update key_stores k set ${KEY_STORES.assignments(REPLACED_COLUMNS)}, state = 'available', ${NEXT_VERSION}
    where ${CLAIMED} and k.deleted_at is null
    returning ${WRITTEN}`,
});

/** The secret is removed afterwards. */
export const DELETE_KEY_STORE = changeWithAuditEvent('delete_key_store', {
  write: sql`update key_stores k set deleted_at = ${NOW}, claim = ${KEY_STORES.parameters.claim}, claimed_at = ${NOW},
      ${NEXT_VERSION}
    where ${ONE} and k.deleted_at is null
    returning ${WRITTEN}, ${KEY_STORES.select('k', ['vaultVersion'])}`,
});

/** Called when database and vault agree. */
export const SETTLE_KEY_STORE = statement(
  'settle_key_store',
  sql`update key_stores k set claim = null, claimed_at = null where ${CLAIMED} returning 1`,
);

/** Like `SETTLE_KEY_STORE`, with the state that was found in the vault. */
export const SETTLE_IN_STATE = statement(
  'settle_key_store_in_state',
  sql`update key_stores k set claim = null, claimed_at = null, ${KEY_STORES.assignments(['state', 'vaultVersion'])}
    where ${CLAIMED} and k.deleted_at is null returning 1`,
);

/** Whether the claim is still held. */
export const READ_CLAIM_OF_KEY_STORE = statement(
  'read_claim_of_key_store',
  sql`select 1 from key_stores k where ${CLAIMED}`,
);

/** Called when the secret was written again as another version. */
export const MOVE_SECRET_OF_KEY_STORE = statement(
  'move_secret_of_key_store',
  sql`update key_stores k set vault_version = ${vaultVersion}
    where ${CLAIMED} and k.deleted_at is null returning 1`,
);

/** Keeps the claim: an operation in progress may still write a version. */
export const MARK_SECRET_DESTROYED = statement(
  'mark_secret_destroyed',
  sql`update key_stores k set secret_destroyed_at = ${NOW}
    where ${CLAIMED} and k.deleted_at is not null returning 1`,
);

/** Claims of operations that have not ended yet, or never will without the reconciler. */
export const COUNT_CLAIMS_OF_KEY_STORES = statement(
  'count_claims_of_key_stores',
  sql`select ${returns<{ readonly open: number }>('count(*)::integer as open')} from key_stores k
    where k.claimed_at is not null`,
);

/** Claims deleted key stores whose retention has ended. */
export const CLAIM_KEY_STORES_TO_DESTROY = statement(
  'claim_key_stores_to_destroy',
  sql`update key_stores k set claim = gen_random_uuid(), claimed_at = ${parameter('claimedAt', instant())}
    from (select client_ext_id, id from key_stores
      where deleted_at is not null and secret_destroyed_at is null
        and deleted_at <= ${parameter('deletedUntil', instant())} and claim is null
      order by deleted_at limit ${LIMIT} for update skip locked) due
    where k.client_ext_id = due.client_ext_id and k.id = due.id`,
);

/** Stores the state that was found in the vault for a row without a claim. */
export const CHANGE_STATE_OF_KEY_STORE = statement(
  'change_state_of_key_store',
  sql`update key_stores k set ${KEY_STORES.assignments(['state'])}
    where ${ONE} and k.vault_version is not distinct from ${vaultVersion} and k.claim is null and k.deleted_at is null
    returning 1`,
);

/** Removes a creation that was never confirmed to the caller. */
export const REMOVE_PENDING_KEY_STORE = removeWithAuditEvents('remove_pending_key_store', {
  remove: sql`delete from key_stores k where ${CLAIMED} and k.state = 'pending' and k.deleted_at is null
    returning 'keyStore' as kind, k.id::text as ext_id, null::text as user_ext_id, k.generation,
      null::bytea as sha256, k.last_modified`,
});

const AFTER_CLAIMED_AT = parameter('afterClaimedAt', instant());
const AFTER_CLIENT = sql`${parameter('afterClientExtId', identifier())} collate "C"`;
const AFTER_ID = parameter('afterId', bigint());

/** Rows that were claimed by then, in order, after a given row. */
export const READ_CLAIMED_KEY_STORES = statement(
  'read_claimed_key_stores',
  sql`select ${KEY_STORE}, ${returns<{ readonly claimedAt: Date }>('k.claimed_at as "claimedAt"')} from key_stores k
    where k.claimed_at <= ${parameter('claimedUntil', instant())}
      and (k.claimed_at, k.client_ext_id, k.id) > (${AFTER_CLAIMED_AT}, ${AFTER_CLIENT}, ${AFTER_ID})
    order by k.claimed_at, k.client_ext_id, k.id limit ${LIMIT}`,
);

/** Includes deleted clients, which may still have secrets in the vault. */
export const READ_ACCOUNTS = statement(
  'read_key_store_accounts',
  sql`select ${returns<{ readonly accountId: string }>('ext_id as "accountId"')},
      ${returns<{ readonly isDeleted: boolean }>('deleted_at is not null as "isDeleted"')}
    from clients where ext_id > ${AFTER_CLIENT} order by ext_id limit ${LIMIT}`,
);

/** Rows without a claim, except deleted ones. */
export const READ_KEY_STORES_TO_COMPARE = statement(
  'read_key_stores_to_compare',
  sql`select ${KEY_STORE} from key_stores k
    where k.client_ext_id = ${clientExtId} and k.id > ${AFTER_ID} and k.claim is null and k.deleted_at is null
    order by k.id limit ${LIMIT}`,
);

/** The ids that have no row, not even a deleted one. */
export const FIND_UNKNOWN_KEY_STORES = statement(
  'find_unknown_key_stores',
  sql`select ${returns<{ readonly id: number }>('n.id::float8 as "id"')} from unnest(${IDS}) as n (id)
    where not exists (select 1 from key_stores k where k.client_ext_id = ${clientExtId} and k.id = n.id)`,
);
