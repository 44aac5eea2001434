import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a credential ends because a newer one has replaced it. */
export class Rollover1700000000043 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Nullable and without a default, so that no row is rewritten.
    await runner.query('alter table credentials add replaced_by text collate "C", add disabled_on timestamptz(3)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table credentials drop replaced_by, drop disabled_on');
  }
}
