import type { MigrationInterface, QueryRunner } from 'typeorm';

/** In a database that has users already, the server builds the indexes of `search-indexes.ts` later, in place of these. */
export class UserTrigramsAcrossWords1700000000046 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop index if exists users_trigrams, users_search_text');
  }

  /** An older server builds them again. */
  async down(): Promise<void> {
    await Promise.resolve();
  }
}
