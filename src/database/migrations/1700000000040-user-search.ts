import type { MigrationInterface, QueryRunner } from 'typeorm';

import { StartError } from '../../common/start-error.js';

/** What users are searched by. The server writes these columns of existing rows beside requests. */
export class UserSearch1700000000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTrigramExtension(runner);
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
    await runner.query(
      'create index users_search_text on users using gin (search_text gin_trgm_ops) where search_text is not null',
    );
  }

  /** The extension stays: others may use it. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table users
        drop family_name_folded,
        drop email_folded,
        drop search_text,
        drop search_version`);
  }
}

/** The owner of a database may create this extension; elsewhere an administrator has to. */
async function createTrigramExtension(runner: QueryRunner): Promise<void> {
  try {
    await runner.query('create extension if not exists pg_trgm');
  } catch (error) {
    throw new StartError(
      `The extension pg_trgm cannot be created in the database (${(error as Error).message}). Nothing was changed. ` +
        'Install the contrib modules of PostgreSQL if it is missing, have an administrator run ' +
        '"create extension pg_trgm" in this database, and start again.',
      { cause: error },
    );
  }
}
