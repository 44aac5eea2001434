import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { VersionedEntity } from '../database/versioned.entity.js';

@Entity('policies')
@Unique('policies_name_unique', ['clientExtId', 'name'])
@Index('policies_default_unique', ['clientExtId', 'policyType'], { unique: true, where: 'default_policy' })
@Index('policies_page', ['clientExtId', 'created', 'extId'])
@ForeignKey('clients', ['clientExtId'], ['extId'], { name: 'policies_client_fk' })
export class Policy extends VersionedEntity {
  @PrimaryColumn({ type: 'text', collation: 'C', primaryKeyConstraintName: 'policies_pk' })
  clientExtId!: string;

  @PrimaryColumn({ type: 'text', collation: 'C', primaryKeyConstraintName: 'policies_pk' })
  extId!: string;

  @Column({ type: 'uuid' })
  incarnation!: string;

  @Column({ type: 'text', collation: 'C' })
  policyType!: string;

  /** Documented as optional: a policy without one has none, and never collides. */
  @Column({ type: 'text', collation: 'C', nullable: true })
  name!: string | null;

  @Column({ type: 'text', nullable: true })
  description!: string | null;

  @Column({ type: 'boolean' })
  defaultPolicy!: boolean;

  @Column({ type: 'jsonb' })
  parameters!: Record<string, string>;
}
