import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('audit_events')
export class AuditEvent {
  @PrimaryColumn({ type: 'text' })
  clientExtId!: string;

  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;

  @Column({ type: 'text' })
  actor!: string;

  @Column({ type: 'text' })
  actorClient!: string;

  @Column({ type: 'text' })
  action!: string;

  @Column({ type: 'text' })
  kind!: string;

  @Column({ type: 'text' })
  extId!: string;

  @Column({ type: 'text' })
  userExtId!: string;

  @Column({ type: 'uuid' })
  generation!: string;

  @Column({ type: 'integer' })
  version!: number;

  @Column({ type: 'jsonb' })
  changes!: object;

  @Column({ type: 'jsonb' })
  after!: object;

  @Column({ type: 'bytea' })
  sha256!: Buffer;

  @Column({ type: 'bytea', nullable: true })
  der!: Buffer | null;

  @Column({ type: 'text' })
  reason!: string;

  @Column({ type: 'text', nullable: true })
  comment!: string | null;

  @Column({ type: 'text' })
  requestId!: string;
}
