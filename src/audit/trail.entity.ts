import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** A line of the trail. Written by `changeWithTrail` and `appendEvent` only; read here. */
@Entity('trail')
@Unique('trail_version_unique', ['clientExtId', 'incarnation', 'version'])
@Index('trail_time', ['clientExtId', 'at', 'id'])
@Index('trail_resource', ['clientExtId', 'extId', 'at', 'id'])
export class TrailEntry {
  @PrimaryColumn({ type: 'text', collation: 'C', primaryKeyConstraintName: 'trail_pk' })
  clientExtId!: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'trail_pk' })
  id!: string;

  @Column({ type: 'timestamptz', precision: 3 })
  at!: Date;

  @Column({ type: 'text', collation: 'C' })
  actor!: string;

  @Column({ type: 'text', collation: 'C' })
  actorClient!: string;

  @Column({ type: 'text', collation: 'C' })
  action!: string;

  @Column({ type: 'text', collation: 'C', nullable: true })
  code!: string | null;

  @Column({ type: 'text', collation: 'C' })
  kind!: string;

  @Column({ type: 'text', collation: 'C' })
  extId!: string;

  @Column({ type: 'text', collation: 'C', nullable: true })
  userExtId!: string | null;

  @Column({ type: 'uuid', nullable: true })
  incarnation!: string | null;

  @Column({ type: 'integer', nullable: true })
  version!: number | null;

  @Column({ type: 'text', array: true, nullable: true })
  changed!: string[] | null;

  @Column({ type: 'jsonb', nullable: true })
  after!: Record<string, unknown> | null;

  @Column({ type: 'bytea', nullable: true })
  sha256!: Buffer | null;

  @Column({ type: 'bytea', nullable: true })
  der!: Buffer | null;

  @Column({ type: 'text', collation: 'C', nullable: true })
  reason!: string | null;

  @Column({ type: 'text', nullable: true })
  comment!: string | null;

  @Column({ type: 'text', collation: 'C' })
  requestId!: string;
}
