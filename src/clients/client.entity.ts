import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import { VersionedEntity } from '../database/versioned.entity.js';
import type { Deletion } from './client-row.js';

@Entity('clients')
@Index('clients_name_unique', ['name'], { unique: true, where: 'deleted_at IS NULL' })
@Index('clients_deletion', ['extId'], { where: 'deletion IS NOT NULL' })
@Index('clients_page', ['created', 'extId'], { where: 'deleted_at IS NULL' })
export class Client extends VersionedEntity {
  @PrimaryColumn({ type: 'text', collation: 'C', primaryKeyConstraintName: 'clients_pk' })
  extId!: string;

  @Column({ type: 'uuid' })
  incarnation!: string;

  @Column({ type: 'text', collation: 'C' })
  name!: string;

  @Column({ type: 'jsonb', nullable: true })
  displayName!: Record<string, string> | null;

  @Column({ type: 'text', nullable: true })
  remarks!: string | null;

  /** A tombstone stays, so that the extId is not given again. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  deletedAt!: Date | null;

  /** Who deletes it, as long as what was inside it is not yet removed. */
  @Column({ type: 'jsonb', nullable: true })
  deletion!: Deletion | null;
}
