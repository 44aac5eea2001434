import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Needs the extension pg_trgm. `on` is what comes after `create index name`. */
export const USER_TEXT_INDEX = {
  name: 'users_search_text',
  on: 'on users using gin (search_text gin_trgm_ops) where search_text is not null',
  ofTrigrams: true,
} as const;

/** A role that may not create extensions, and a server that does not have this one, are no reason to refuse the upgrade. */
const CREATE_TRIGRAMS = `do $$ begin
    create extension if not exists pg_trgm;
  exception when insufficient_privilege or undefined_file or feature_not_supported then
    raise notice 'the extension pg_trgm is not available: %', sqlerrm;
  end $$`;

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
