import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A client is deleted in many short transactions; which ones are under way has to survive a server's end. */
export class UnfinishedDeletions1700000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table clients add emptying boolean not null default false');
    await runner.query('create index clients_emptying on clients (ext_id) where emptying');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table clients drop emptying');
  }
}
