import {
  Column,
  CreateDateColumn,
  Entity,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  UpdateDateColumn,
  VersionColumn,
} from 'typeorm';

import { Policy } from './policy.entity.js';
import { User } from './user.entity.js';

@Entity('credentials')
export class Credential {
  @PrimaryColumn({ type: 'text' })
  clientExtId!: string;

  @PrimaryColumn({ type: 'text' })
  extId!: string;

  @Column({ type: 'uuid' })
  generation!: string;

  @Column({ type: 'text' })
  userExtId!: string;

  @ManyToOne(() => User)
  @JoinColumn([
    { name: 'client_ext_id', referencedColumnName: 'clientExtId' },
    { name: 'user_ext_id', referencedColumnName: 'extId' },
  ])
  user!: User;

  @Column({ type: 'text' })
  policyExtId!: string;

  @ManyToOne(() => Policy)
  @JoinColumn([
    { name: 'client_ext_id', referencedColumnName: 'clientExtId' },
    { name: 'policy_ext_id', referencedColumnName: 'extId' },
  ])
  policy!: Policy;

  @Column({ type: 'text' })
  type!: string;

  @Column({ type: 'text' })
  state!: string;

  @Column({ type: 'text' })
  stateSetBy!: string;

  @Column({ type: 'text' })
  reason!: string;

  @Column({ type: 'text', nullable: true })
  detail!: string | null;

  @Column({ type: 'text', nullable: true })
  comment!: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  validFrom!: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  validTo!: Date | null;

  @Column({ type: 'jsonb', nullable: true })
  properties!: Record<string, string> | null;

  @Column({ type: 'bytea' })
  der!: Buffer;

  @Column({ type: 'bytea' })
  sha256!: Buffer;

  @Column({ type: 'bytea' })
  sha1!: Buffer;

  @Column({ type: 'text', nullable: true })
  subjectDn!: string | null;

  @Column({ type: 'text', nullable: true })
  issuerDn!: string | null;

  @Column({ type: 'text', nullable: true })
  serial!: string | null;

  @Column({ type: 'bytea', nullable: true })
  ski!: Buffer | null;

  @Column({ type: 'timestamptz', nullable: true })
  notBefore!: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  notAfter!: Date | null;

  @Column({ type: 'integer' })
  successes!: number;

  @Column({ type: 'integer' })
  failures!: number;

  @Column({ type: 'timestamptz', nullable: true })
  lastSuccess!: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  lastFailure!: Date | null;

  @Column({ type: 'text', nullable: true })
  lock!: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  lockedUntil!: Date | null;

  @VersionColumn()
  version!: number;

  @CreateDateColumn({ type: 'timestamptz' })
  created!: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  lastModified!: Date;
}
