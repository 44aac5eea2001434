import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One server does the background work of all. */
export class Leases1700000000034 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table leases (
        name text collate "C" not null,
        holder uuid not null,
        until timestamptz(3) not null,
        constraint leases_pk primary key (name)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table leases');
  }
}
