import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

/** The secret part of a password credential; everything else of it is a row of `credentials`. */
@Entity('passwords')
@Unique('passwords_user_unique', ['clientExtId', 'userExtId'])
@ForeignKey('credentials', ['clientExtId', 'credentialExtId'], ['clientExtId', 'extId'], {
  name: 'passwords_credential_fk',
})
export class Password {
  @PrimaryColumn({ type: 'text', collation: 'C', primaryKeyConstraintName: 'passwords_pk' })
  clientExtId!: string;

  @PrimaryColumn({ type: 'text', collation: 'C', primaryKeyConstraintName: 'passwords_pk' })
  credentialExtId!: string;

  @Column({ type: 'text', collation: 'C' })
  userExtId!: string;

  @Column({ type: 'text', collation: 'C' })
  hash!: string;

  /** Another one with each password: an X-Token names the one that bought it, and dies with it (contract 4.7). */
  @Column({ type: 'uuid' })
  generation!: string;

  @Column({ type: 'timestamptz', precision: 3 })
  changedAt!: Date;
}
