import type { MigrationInterface, QueryRunner } from 'typeorm';

import { CREATE_TRIGRAMS, SEARCH_INDEXES } from '../search-indexes.js';

/** In a database that has certificates already, the server builds the indexes later, beside requests. */
export class CertificateSearches1700000000039 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Nullable and without a default, so that no row is rewritten.
    await runner.query(`
      alter table credentials
        add subject_name_sha256 bytea,
        add issuer_name_sha256 bytea,
        add searched_text text collate "C"`);
    await runner.query(CREATE_TRIGRAMS);
    const [found] = (await runner.query(`
      select exists (select 1 from credentials) or exists (select 1 from users) as filled,
        exists (select 1 from pg_extension where extname = 'pg_trgm') as trigrams`)) as [
      { readonly filled: boolean; readonly trigrams: boolean },
    ];
    if (found.filled) return;
    for (const { name, on, ofTrigrams = false } of SEARCH_INDEXES) {
      if (found.trigrams || !ofTrigrams) await runner.query(`create index ${name} ${on}`);
    }
  }

  /** The extension stays: somebody else may use it. */
  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of SEARCH_INDEXES) await runner.query(`drop index if exists ${name}`);
    await runner.query(`
      alter table credentials drop subject_name_sha256, drop issuer_name_sha256, drop searched_text`);
  }
}
