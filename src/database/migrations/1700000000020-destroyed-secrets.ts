import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when nothing is left in the vault of a deleted key store. */
export class DestroyedSecrets1700000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table key_stores add secret_destroyed_at timestamptz(3)');
    await runner.query(
      `create index key_stores_to_destroy on key_stores (deleted_at)
       where deleted_at is not null and secret_destroyed_at is null`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table key_stores drop secret_destroyed_at');
  }
}
