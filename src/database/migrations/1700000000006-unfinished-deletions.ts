import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A client is deleted in many short transactions; which ones are under way, and for whom, has to survive a server's end. */
export class UnfinishedDeletions1700000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table clients add deletion jsonb');
    await runner.query('create index clients_deletion on clients (ext_id) where deletion is not null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table clients drop deletion');
  }
}
