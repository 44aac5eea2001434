import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { VersionedEntity } from '../database/versioned.entity.js';

/** A credential of any type; the certificate and the login counters are part of its row. */
@Entity('credentials')
@Index('credentials_certificate_unique', ['clientExtId', 'sha256'], { unique: true, where: `type = 'Certificate'` })
@Index('credentials_page', ['clientExtId', 'userExtId', 'created', 'extId'])
@Index('credentials_policy', ['clientExtId', 'policyExtId'])
@Check(
  'credentials_state_check',
  `state in ('initial', 'active', 'reset-code', 'admin-changed', 'disabled', 'archived')`,
)
@Check(
  'credentials_state_set_by_check',
  `state_set_by in ('owner', 'ownerOutOfLock', 'administrator', 'policy', 'policyOverLock', 'policyOverResetCode')`,
)
@Check('credentials_lock_check', `lock in ('tmp-locked', 'fail-locked')`)
@Check(
  'credentials_certificate_check',
  `type <> 'Certificate' or (der is not null and sha256 is not null and sha1 is not null)`,
)
@ForeignKey('users', ['clientExtId', 'userExtId'], ['clientExtId', 'extId'], { name: 'credentials_user_fk' })
@ForeignKey('policies', ['clientExtId', 'policyExtId'], ['clientExtId', 'extId'], { name: 'credentials_policy_fk' })
export class Credential extends VersionedEntity {
  @PrimaryColumn({ type: 'text', collation: 'C', primaryKeyConstraintName: 'credentials_pk' })
  clientExtId!: string;

  @PrimaryColumn({ type: 'text', collation: 'C', primaryKeyConstraintName: 'credentials_pk' })
  extId!: string;

  /** Another one each time that an extId is used anew: the trail's history of this very credential. */
  @Column({ type: 'uuid' })
  incarnation!: string;

  @Column({ type: 'text', collation: 'C' })
  userExtId!: string;

  @Column({ type: 'text', collation: 'C' })
  policyExtId!: string;

  @Column({ type: 'text', collation: 'C' })
  type!: string;

  @Column({ type: 'text', collation: 'C' })
  state!: string;

  @Column({ type: 'text', collation: 'C' })
  stateSetBy!: string;

  @Column({ type: 'text', collation: 'C' })
  reason!: string;

  @Column({ type: 'text', nullable: true })
  detail!: string | null;

  @Column({ type: 'text', nullable: true })
  comment!: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  validFrom!: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  validTo!: Date | null;

  @Column({ type: 'jsonb', nullable: true })
  properties!: Record<string, string> | null;

  @Column({ type: 'bytea', nullable: true })
  der!: Buffer | null;

  @Column({ type: 'bytea', nullable: true })
  sha256!: Buffer | null;

  @Column({ type: 'bytea', nullable: true })
  sha1!: Buffer | null;

  @Column({ type: 'text', collation: 'C', nullable: true })
  subjectDn!: string | null;

  @Column({ type: 'text', collation: 'C', nullable: true })
  issuerDn!: string | null;

  @Column({ type: 'text', collation: 'C', nullable: true })
  serial!: string | null;

  @Column({ type: 'bytea', nullable: true })
  ski!: Buffer | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  notBefore!: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  notAfter!: Date | null;

  @Column({ type: 'integer' })
  successes!: number;

  @Column({ type: 'integer' })
  failures!: number;

  @Column({ type: 'integer' })
  failuresSinceLock!: number;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lastSuccess!: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lastFailure!: Date | null;

  @Column({ type: 'text', collation: 'C', nullable: true })
  lock!: string | null;

  @Column({ type: 'text', collation: 'C', nullable: true })
  lockReason!: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lockedUntil!: Date | null;
}
