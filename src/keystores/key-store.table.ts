import { bigint, bytes, identifier, instant, integer, nullable, text, uuid } from '../database/column.js';
import { type RowOf, table } from '../database/table.js';
import { VERSIONED } from '../database/versioned.js';

/** `pending`: its creation has not ended. `unavailable`: the vault has no secret of it, or is not known to have one. */
type KeyStoreState = 'pending' | 'available' | 'unavailable';

/** An account's key store, without what is secret of it. */
export const KEY_STORES = table(
  'key_stores',
  {
    clientExtId: identifier(),
    /** Up to 2^53 − 1. */
    id: bigint(),
    generation: uuid(),
    name: identifier(),
    /** Null: as the name. */
    displayName: nullable(text()),
    state: identifier<KeyStoreState>(),
    /** Of the secret that belongs to this row. */
    vaultVersion: nullable(integer()),
    subjectDn: nullable(identifier()),
    expires: instant(),
    /** Tells whether a secret in the vault is the one that this row was made for. */
    p12Sha256: bytes(),
    /** Of the latest operation that has begun and is not known to have ended in both stores. */
    claim: nullable(uuid()),
    claimedAt: nullable(instant()),
    ...VERSIONED,
    deletedAt: nullable(instant()),
    /** Of a deleted one: the vault holds nothing of it. */
    secretDestroyedAt: nullable(instant()),
  },
  {
    primaryKey: { name: 'key_stores_pk', columns: ['clientExtId', 'id'] },
    indexes: [
      {
        name: 'key_stores_name_unique',
        columns: ['clientExtId', 'name'],
        unique: true,
        where: 'deleted_at IS NULL',
      },
      { name: 'key_stores_page', columns: ['clientExtId', 'created', 'id'] },
      { name: 'key_stores_claimed', columns: ['claimedAt'], where: 'claimed_at IS NOT NULL' },
      {
        name: 'key_stores_to_destroy',
        columns: ['deletedAt'],
        where: 'deleted_at IS NOT NULL AND secret_destroyed_at IS NULL',
      },
    ],
    foreignKeys: [{ name: 'key_stores_client_fk', columns: ['clientExtId'], to: 'clients', toColumns: ['extId'] }],
    checks: [
      { name: 'key_stores_state_check', expression: `state in ('pending', 'available', 'unavailable')` },
      { name: 'key_stores_claim_check', expression: '(claim is null) = (claimed_at is null)' },
    ],
  },
);

type WholeRow = RowOf<typeof KEY_STORES>;

/** All but the time of the claim. */
export const KEY_STORE_COLUMNS = [
  'clientExtId',
  'id',
  'generation',
  'name',
  'displayName',
  'state',
  'vaultVersion',
  'subjectDn',
  'expires',
  'p12Sha256',
  'claim',
  'version',
  'created',
  'lastModified',
  'deletedAt',
  'secretDestroyedAt',
] as const satisfies readonly (keyof WholeRow)[];

export type KeyStoreRow = Pick<WholeRow, (typeof KEY_STORE_COLUMNS)[number]>;

/** With the instant of its claim, which is later than the request by what reading the files has taken. */
export type NewKeyStoreRow = WholeRow;

/** What a new p12 changes. */
export const CONTENT_COLUMNS = ['subjectDn', 'expires', 'p12Sha256'] as const;
export type KeyStoreContent = Pick<KeyStoreRow, (typeof CONTENT_COLUMNS)[number]>;

export const KEY_STORE_KEY = ['clientExtId', 'id'] as const;

/** Names the row for as long as an operation has its claim. */
export const CLAIMED_KEY = [...KEY_STORE_KEY, 'claim'] as const;
