import type { Statement } from '../../database/database.js';

const ONE_SECRET = 'client_ext_id = $1 and key_store_id = $2::bigint';

/**
 * Checks and sets at once: of two writers that expect the same version the primary key lets one through. $1 client,
 * $2 key store, $3 the version that is expected, 0 where there is none, $4 key id, $5 wrapped key, $6 nonce,
 * $7 ciphertext, $8 now.
 */
export const WRITE_SECRET: Statement = {
  name: 'write_sealed_secret',
  text: `insert into sealed_secrets
      (client_ext_id, key_store_id, version, key_id, wrapped_key, nonce, ciphertext, created)
    select $1, $2::bigint, $3::integer + 1, $4, $5::bytea, $6::bytea, $7::bytea, $8::timestamptz
    where $3::integer = (select coalesce(max(version), 0) from sealed_secrets where ${ONE_SECRET})
    on conflict do nothing
    returning version`,
};

/** $1 client, $2 key store, $3 version; null reads the latest. */
export const READ_SECRET: Statement = {
  name: 'read_sealed_secret',
  text: `select version, key_id as "keyId", wrapped_key as "wrappedKey", nonce, ciphertext,
      deleted_at is not null as deleted, destroyed_at is not null as destroyed
    from sealed_secrets where ${ONE_SECRET} and ($3::integer is null or version = $3)
    order by version desc limit 1`,
};

/** $1 client, $2 key store. */
export const READ_METADATA: Statement = {
  name: 'read_sealed_secret_metadata',
  text: `select version, created, deleted_at is not null as deleted, destroyed_at is not null as destroyed
    from sealed_secrets where ${ONE_SECRET} order by version`,
};

/** $1 client. */
export const LIST_SECRETS: Statement = {
  name: 'list_sealed_secrets',
  text: `select distinct key_store_id as "keyStoreId" from sealed_secrets where client_ext_id = $1
    order by key_store_id`,
};

/** $1 client, $2 key store, $3 version, $4 now. */
export const SOFT_DELETE_SECRET: Statement = {
  name: 'soft_delete_sealed_secret',
  text: `update sealed_secrets set deleted_at = $4::timestamptz
    where ${ONE_SECRET} and version = $3 and deleted_at is null and destroyed_at is null`,
};

/** $1 client, $2 key store, $3 version, $4 now. */
export const DESTROY_SECRET: Statement = {
  name: 'destroy_sealed_secret',
  text: `update sealed_secrets
    set key_id = null, wrapped_key = null, nonce = null, ciphertext = null, destroyed_at = $4::timestamptz
    where ${ONE_SECRET} and version = $3 and destroyed_at is null`,
};

/** $1 client, $2 key store. */
export const ERASE_SECRET: Statement = {
  name: 'erase_sealed_secret',
  text: `delete from sealed_secrets where ${ONE_SECRET}`,
};

/** $1 the key's id. */
export const COUNT_WRAPPED_OTHERWISE: Statement = {
  name: 'count_secrets_wrapped_otherwise',
  text: 'select count(*)::integer as total from sealed_secrets where key_id <> $1',
};

/** How many are under each key that is not there. $1 the ids of the keys that are. */
export const COUNT_UNDER_OTHER_KEYS: Statement = {
  name: 'count_secrets_under_other_keys',
  text: `select key_id as "keyId", count(*)::integer as secrets from sealed_secrets
    where key_id <> all($1::text[]) group by key_id order by key_id`,
};

/** The next batch after one row. $1 the key's id, $2, $3 and $4 that row, $5 how many. */
export const READ_WRAPPED_OTHERWISE: Statement = {
  name: 'read_secrets_wrapped_otherwise',
  text: `select client_ext_id as "accountId", key_store_id as "keyStoreId", version,
      key_id as "keyId", wrapped_key as "wrappedKey"
    from sealed_secrets
    where key_id <> $1 and (client_ext_id, key_store_id, version) > ($2::text collate "C", $3::bigint, $4::integer)
    order by client_ext_id, key_store_id, version limit $5`,
};

/** A batch at once; a row that somebody has changed meanwhile is left. Arrays of the same length, row by row. */
export const STORE_WRAPPED: Statement = {
  name: 'store_wrapped_keys',
  text: `update sealed_secrets s set key_id = n.key_id, wrapped_key = n.wrapped_key
    from unnest($1::text[], $2::bigint[], $3::integer[], $4::bytea[], $5::text[], $6::bytea[])
      as n (client_ext_id, key_store_id, version, previous, key_id, wrapped_key)
    where s.client_ext_id = n.client_ext_id and s.key_store_id = n.key_store_id and s.version = n.version
      and s.wrapped_key = n.previous
    returning 1`,
};
