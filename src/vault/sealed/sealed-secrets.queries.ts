import { bigint, identifier, integer, json, nullable, texts } from '../../database/column.js';
import { parameter, returns, sql } from '../../database/sql.js';
import { statement } from '../../database/statement.js';
import { NOW } from '../../database/versioned.js';
import { SEALED_SECRETS } from './sealed-secrets.table.js';

const SECRET_KEY = ['clientExtId', 'keyStoreId'] as const;
const VERSION_KEY = [...SECRET_KEY, 'version'] as const;
/** Null in a destroyed version. */
const ENVELOPE = ['keyId', 'wrappedKey', 'nonce', 'ciphertext'] as const;

const ONE_SECRET = SEALED_SECRETS.matches('s', SECRET_KEY);
const ONE_VERSION = SEALED_SECRETS.matches('s', VERSION_KEY);
const EXPECTED = parameter('expectedVersion', integer());
const LIMIT = parameter('limit', integer());

/**
 * Checks and writes in one step. If two writers expect the same version (0 if there is none), the primary key lets only
 * one succeed.
 */
export const WRITE_SECRET = statement(
  'write_sealed_secret',
  sql`insert into sealed_secrets (${SEALED_SECRETS.names([...VERSION_KEY, ...ENVELOPE, 'created'])})
    select ${SEALED_SECRETS.values(SECRET_KEY)}, ${EXPECTED} + 1, ${SEALED_SECRETS.values(ENVELOPE)}, ${NOW}
    where ${EXPECTED} = (select coalesce(max(s.version), 0) from sealed_secrets s where ${ONE_SECRET})
    on conflict do nothing
    returning ${returns<{ readonly version: number }>('version')}`,
);

export interface Marks {
  readonly deleted: boolean;
  readonly destroyed: boolean;
}

const MARKS = returns<Marks>('s.deleted_at is not null as deleted, s.destroyed_at is not null as destroyed');
const VERSION_OR_LATEST = parameter('version', nullable(integer()));

/** Null reads the latest version. */
export const READ_SECRET = statement(
  'read_sealed_secret',
  sql`select ${SEALED_SECRETS.select('s', ['version', ...ENVELOPE])}, ${MARKS}
    from sealed_secrets s where ${ONE_SECRET} and (${VERSION_OR_LATEST} is null or s.version = ${VERSION_OR_LATEST})
    order by s.version desc limit 1`,
);

export const READ_METADATA = statement(
  'read_sealed_secret_metadata',
  sql`select ${SEALED_SECRETS.select('s', ['version', 'created'])}, ${MARKS}
    from sealed_secrets s where ${ONE_SECRET} order by s.version`,
);

export const LIST_SECRETS = statement(
  'list_sealed_secrets',
  sql`select distinct ${SEALED_SECRETS.select('s', ['keyStoreId'])} from sealed_secrets s
    where ${SEALED_SECRETS.matches('s', ['clientExtId'])} order by "keyStoreId"`,
);

export const SOFT_DELETE_SECRET = statement(
  'soft_delete_sealed_secret',
  sql`update sealed_secrets s set deleted_at = ${NOW}
    where ${ONE_VERSION} and s.deleted_at is null and s.destroyed_at is null`,
);

export const DESTROY_SECRET = statement(
  'destroy_sealed_secret',
  sql`update sealed_secrets s
    set key_id = null, wrapped_key = null, nonce = null, ciphertext = null, destroyed_at = ${NOW}
    where ${ONE_VERSION} and s.destroyed_at is null`,
);

export const ERASE_SECRET = statement('erase_sealed_secret', sql`delete from sealed_secrets s where ${ONE_SECRET}`);

const WITH_OTHER_KEY = sql`s.key_id <> ${parameter('keyId', identifier())}`;

export const COUNT_WRAPPED_WITH_OTHER_KEY = statement(
  'count_secrets_wrapped_otherwise',
  sql`select ${returns<{ readonly total: number }>('count(*)::integer as total')} from sealed_secrets s
    where ${WITH_OTHER_KEY}`,
);

export interface KeyUsageCount {
  readonly keyId: string;
  readonly secrets: number;
}

/** The number of secrets for each key that is not in the list. */
export const COUNT_UNDER_OTHER_KEYS = statement(
  'count_secrets_under_other_keys',
  sql`select ${returns<KeyUsageCount>('key_id as "keyId", count(*)::integer as secrets')} from sealed_secrets
    where key_id <> all(${parameter('keyIds', texts())}) group by key_id order by key_id`,
);

const AFTER = sql`(${parameter('afterClientExtId', identifier())} collate "C",
  ${parameter('afterKeyStoreId', bigint())}, ${parameter('afterVersion', integer())})`;
/** Not null, because the condition compares the key. */
const WRAPPED = returns<{ readonly keyId: string; readonly wrappedKey: Buffer }>(
  's.key_id as "keyId", s.wrapped_key as "wrappedKey"',
);

/** The next batch after one version. */
export const READ_WRAPPED_WITH_OTHER_KEY = statement(
  'read_secrets_wrapped_otherwise',
  sql`select ${SEALED_SECRETS.select('s', VERSION_KEY)}, ${WRAPPED}
    from sealed_secrets s
    where ${WITH_OTHER_KEY} and (s.client_ext_id, s.key_store_id, s.version) > ${AFTER}
    order by s.client_ext_id, s.key_store_id, s.version limit ${LIMIT}`,
);

/** The new wrapping of one version. Bytes are in PostgreSQL's text format: `\\x` and hexadecimal digits. */
interface NewWrapping {
  readonly clientExtId: string;
  readonly keyStoreId: number;
  readonly version: number;
  readonly previous: string;
  readonly keyId: string;
  readonly wrappedKey: string;
}

/** Stores a batch; rows that were changed meanwhile are skipped. */
export const STORE_WRAPPED = statement(
  'store_wrapped_keys',
  sql`update sealed_secrets s set key_id = n."keyId", wrapped_key = n."wrappedKey"
    from jsonb_to_recordset(${parameter('wrappings', json<readonly NewWrapping[]>())}) as n ("clientExtId" text,
      "keyStoreId" bigint, version integer, previous bytea, "keyId" text, "wrappedKey" bytea)
    where s.client_ext_id = n."clientExtId" and s.key_store_id = n."keyStoreId" and s.version = n.version
      and s.wrapped_key = n.previous
    returning 1`,
);
