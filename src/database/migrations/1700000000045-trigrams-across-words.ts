import type { MigrationInterface, QueryRunner } from 'typeorm';

/** In a database that has certificates already, the server builds `credentials_text_trigrams` later, in place of this one. */
export class TrigramsAcrossWords1700000000045 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop index if exists credentials_trigrams');
  }

  /** An older server builds it again. */
  async down(): Promise<void> {
    await Promise.resolve();
  }
}
