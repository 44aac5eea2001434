import { bigint, bytes, identifier, instant, integer, nullable, text, uuid } from '../database/column.js';
import { type RowOf, table } from '../database/table.js';
import { VERSIONED } from '../database/versioned.js';

/**
 * `pending`: the creation is in progress. `unavailable`: the vault has no secret for it, or is not known to have one.
 */
type KeyStoreState = 'pending' | 'available' | 'unavailable';

/** The key stores of accounts, without their secrets. */
export const KEY_STORES = table(
  'key_stores',
  {
    clientExtId: identifier(),
    /** Up to 2^53 − 1. */
    id: bigint(),
    generation: uuid(),
    name: identifier(),
    /** Null: the same as the name. */
    displayName: nullable(text()),
    state: identifier<KeyStoreState>(),
    /** The version of the secret that belongs to this row. */
    vaultVersion: nullable(integer()),
    subjectDn: nullable(identifier()),
    expires: instant(),
    /** Identifies the p12 of this row, to detect a different secret in the vault. */
    p12Sha256: bytes(),
    /** The latest operation that has started and is not known to have finished in both database and vault. */
    claim: nullable(uuid()),
    claimedAt: nullable(instant()),
    ...VERSIONED,
    deletedAt: nullable(instant()),
    /** Set for a deleted key store once its secret has been removed from the vault. */
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

/** All columns except the time of the claim. */
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

/** Includes the time of the claim, which is later than that of the request, because the files are read in between. */
export type NewKeyStoreRow = WholeRow;

/** The columns that a new p12 changes. */
export const CONTENT_COLUMNS = ['subjectDn', 'expires', 'p12Sha256'] as const;
export type KeyStoreContent = Pick<KeyStoreRow, (typeof CONTENT_COLUMNS)[number]>;

export const KEY_STORE_KEY = ['clientExtId', 'id'] as const;

/** Identifies the row while an operation has its claim. */
export const CLAIMED_KEY = [...KEY_STORE_KEY, 'claim'] as const;
