import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

const PRIMARY_KEY = 'key_stores_pk';

/** An account's key store, less what is secret of it. */
@Entity('key_stores')
@Index('key_stores_name_unique', ['clientExtId', 'name'], { unique: true, where: 'deleted_at IS NULL' })
@Index('key_stores_page', ['clientExtId', 'created', 'id'])
@Index('key_stores_claimed', ['claimedAt'], { where: 'claimed_at IS NOT NULL' })
@Index('key_stores_to_destroy', ['deletedAt'], { where: 'deleted_at IS NOT NULL AND secret_destroyed_at IS NULL' })
@Check('key_stores_state_check', `state in ('pending', 'available', 'unavailable')`)
@Check('key_stores_claim_check', '(claim is null) = (claimed_at is null)')
@ForeignKey('clients', ['clientExtId'], ['extId'], { name: 'key_stores_client_fk' })
export class KeyStore {
  @PrimaryColumn({ type: 'text', collation: 'C', primaryKeyConstraintName: PRIMARY_KEY })
  clientExtId!: string;

  /** Up to 2^53 − 1; the driver gives it as text. */
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: PRIMARY_KEY })
  id!: string;

  @Column({ type: 'uuid' })
  incarnation!: string;

  @Column({ type: 'text', collation: 'C' })
  name!: string;

  /** Null: as the name. */
  @Column({ type: 'text', nullable: true })
  displayName!: string | null;

  @Column({ type: 'text', collation: 'C' })
  state!: string;

  /** Of the secret that belongs to this row. */
  @Column({ type: 'integer', nullable: true })
  vaultVersion!: number | null;

  @Column({ type: 'text', collation: 'C', nullable: true })
  subjectDn!: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  expires!: Date;

  /** Tells whether a secret that was found is the one that this row was made for. */
  @Column({ type: 'bytea' })
  p12Sha256!: Buffer;

  /** Of the latest operation that has begun and is not known to have ended in both stores. */
  @Column({ type: 'uuid', nullable: true })
  claim!: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  claimedAt!: Date | null;

  @Column({ type: 'integer' })
  version!: number;

  @Column({ type: 'timestamptz', precision: 3 })
  created!: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  lastModified!: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  deletedAt!: Date | null;

  /** Of a deleted one: nothing is left of it in the vault. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  secretDestroyedAt!: Date | null;
}
