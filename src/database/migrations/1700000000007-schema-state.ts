import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a server that knows fewer migrations reads at its start: whether it may run on this schema. */
export class SchemaState1700000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table schema_state (
        singleton boolean not null default true constraint schema_state_pk primary key,
        schema bigint not null,
        oldest_schema bigint not null,
        migrated_by text collate "C" not null,
        constraint schema_state_one_row check (singleton)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table schema_state');
  }
}
