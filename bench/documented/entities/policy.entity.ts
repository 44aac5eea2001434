import { Column, Entity, PrimaryColumn, VersionColumn } from 'typeorm';

@Entity('policies')
export class Policy {
  @PrimaryColumn({ type: 'text' })
  clientExtId!: string;

  @PrimaryColumn({ type: 'text' })
  extId!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'jsonb' })
  parameters!: Record<string, string>;

  @VersionColumn()
  version!: number;
}
