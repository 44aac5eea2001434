import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the background check has to remember of a certificate that it has disabled. No index has it. */
export class RememberedRevocations1700000000038 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Nullable and without a default, so that no row is rewritten.
    await runner.query('alter table credentials add revocation jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table credentials drop revocation');
  }
}
