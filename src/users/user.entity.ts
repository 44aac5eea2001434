import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { VersionedEntity } from '../database/versioned.entity.js';
import type { UserState } from './user-columns.model.js';

@Entity('users')
@Unique('users_login_id_unique', ['clientExtId', 'loginIdFolded'])
@Index('users_page', ['clientExtId', 'created', 'extId'])
@Index('users_email', ['clientExtId', 'email', 'created', 'extId'])
@Index('users_family_name', ['clientExtId', 'familyName', 'created', 'extId'])
@Index('users_state', ['clientExtId', 'state', 'created', 'extId'])
@Check('users_state_check', `state in ('active', 'disabled', 'archived')`)
@ForeignKey('clients', ['clientExtId'], ['extId'], { name: 'users_client_fk' })
export class User extends VersionedEntity {
  @PrimaryColumn({ type: 'text', collation: 'C', primaryKeyConstraintName: 'users_pk' })
  clientExtId!: string;

  @PrimaryColumn({ type: 'text', collation: 'C', primaryKeyConstraintName: 'users_pk' })
  extId!: string;

  @Column({ type: 'uuid' })
  incarnation!: string;

  @Column({ type: 'text', collation: 'C' })
  loginId!: string;

  /** NFKC and case folding by the server, never by a collation of the database (contract 2.4). */
  @Column({ type: 'text', collation: 'C' })
  loginIdFolded!: string;

  @Column({ type: 'text', collation: 'C' })
  state!: UserState;

  @Column({ type: 'boolean' })
  isTechnicalUser!: boolean;

  @Column({ type: 'text', collation: 'C', nullable: true })
  languageCode!: string | null;

  @Column({ type: 'text', nullable: true })
  title!: string | null;

  @Column({ type: 'text', nullable: true })
  firstName!: string | null;

  @Column({ type: 'text', collation: 'C', nullable: true })
  familyName!: string | null;

  @Column({ type: 'text', collation: 'C', nullable: true })
  sex!: string | null;

  @Column({ type: 'text', collation: 'C', nullable: true })
  gender!: string | null;

  @Column({ type: 'text', collation: 'C', nullable: true })
  birthDate!: string | null;

  @Column({ type: 'jsonb', nullable: true })
  address!: Record<string, string> | null;

  @Column({ type: 'text', nullable: true })
  telephone!: string | null;

  @Column({ type: 'text', nullable: true })
  telefax!: string | null;

  @Column({ type: 'text', nullable: true })
  mobile!: string | null;

  @Column({ type: 'text', collation: 'C', nullable: true })
  email!: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  validFrom!: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  validTo!: Date | null;

  @Column({ type: 'jsonb', nullable: true })
  properties!: Record<string, string> | null;

  @Column({ type: 'text', nullable: true })
  remarks!: string | null;

  @Column({ type: 'text', nullable: true })
  modificationComment!: string | null;
}
