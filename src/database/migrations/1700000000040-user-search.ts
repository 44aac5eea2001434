import type { MigrationInterface, QueryRunner } from 'typeorm';

import { CREATE_TRIGRAMS, USER_TEXT_INDEX } from '../search-indexes.js';

/** What users are searched by. The server writes these columns of existing rows beside requests. */
export class UserSearch1700000000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Nullable and without a default, so that no row is rewritten.
    await runner.query(`
      alter table users
        add family_name_folded text collate "C",
        add email_folded text collate "C",
        add search_text text collate "C",
        add search_version integer`);
    // Existing rows have nulls, so that these indexes are empty and creating them only reads the table.
    for (const column of ['family_name_folded', 'email_folded']) {
      await runner.query(
        `create index users_${column} on users (client_ext_id, ${column}, created, ext_id) where ${column} is not null`,
      );
    }
    await runner.query(CREATE_TRIGRAMS);
    const [found] = (await runner.query(
      `select exists (select 1 from pg_extension where extname = 'pg_trgm') as trigrams`,
    )) as [{ readonly trigrams: boolean }];
    if (found.trigrams) await runner.query(`create index ${USER_TEXT_INDEX.name} ${USER_TEXT_INDEX.on}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table users
        drop family_name_folded,
        drop email_folded,
        drop search_text,
        drop search_version`);
  }
}
