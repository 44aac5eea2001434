import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

const PRIMARY_KEY = 'sealed_secrets_pk';

/** One version of a secret. Without foreign keys: a secret goes when its vault is told so, and never by the way. */
@Entity('sealed_secrets')
@Check(
  'sealed_secrets_content_check',
  'num_nonnulls(key_id, wrapped_key, nonce, ciphertext) = case when destroyed_at is null then 4 else 0 end',
)
export class SealedSecret {
  @PrimaryColumn({ type: 'text', collation: 'C', primaryKeyConstraintName: PRIMARY_KEY })
  clientExtId!: string;

  /** Up to 2^53 − 1; the driver gives it as text. */
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: PRIMARY_KEY })
  keyStoreId!: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: PRIMARY_KEY })
  version!: number;

  /** Of the key-encryption key that wraps the data key. */
  @Column({ type: 'text', collation: 'C', nullable: true })
  keyId!: string | null;

  /** Nonce, encrypted data key and tag. */
  @Column({ type: 'bytea', nullable: true })
  wrappedKey!: Buffer | null;

  @Column({ type: 'bytea', nullable: true })
  nonce!: Buffer | null;

  /** The tag is its end. */
  @Column({ type: 'bytea', nullable: true })
  ciphertext!: Buffer | null;

  @Column({ type: 'timestamptz', precision: 3 })
  created!: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  deletedAt!: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  destroyedAt!: Date | null;
}
