import { Column } from 'typeorm';

/** The columns of everything that is changed under optimistic locking (contract 2.1, 3.2). */
export abstract class VersionedEntity {
  @Column({ type: 'integer' })
  version!: number;

  @Column({ type: 'timestamptz', precision: 3 })
  created!: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  lastModified!: Date;
}
