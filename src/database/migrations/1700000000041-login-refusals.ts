import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why logins with certificates were refused. */
export class LoginRefusals1700000000041 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table login_refusals (
        client_ext_id text collate "C" not null,
        reference text collate "C" not null,
        at timestamptz(3) not null,
        explanation text not null,
        constraint login_refusals_pk primary key (client_ext_id, reference),
        constraint login_refusals_client_fk foreign key (client_ext_id) references clients (ext_id)
      )`);
    await runner.query('create index login_refusals_at on login_refusals (at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table login_refusals');
  }
}
