import { Column, Entity, PrimaryColumn, VersionColumn } from 'typeorm';

@Entity('users')
export class User {
  @PrimaryColumn({ type: 'text' })
  clientExtId!: string;

  @PrimaryColumn({ type: 'text' })
  extId!: string;

  @Column({ type: 'text' })
  loginId!: string;

  @Column({ type: 'text' })
  state!: string;

  @Column({ type: 'text', nullable: true })
  firstName!: string | null;

  @Column({ type: 'text', nullable: true })
  familyName!: string | null;

  @Column({ type: 'text', nullable: true })
  email!: string | null;

  @VersionColumn()
  version!: number;
}
