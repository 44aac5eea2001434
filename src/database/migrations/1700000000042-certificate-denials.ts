import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What gateways have to ask again. */
export class CertificateDenials1700000000042 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table certificate_denials (
        client_ext_id text collate "C" not null,
        id uuid not null,
        at timestamptz(3) not null,
        kind text collate "C" not null,
        value text collate "C",
        number bigint,
        constraint certificate_denials_pk primary key (client_ext_id, id),
        constraint certificate_denials_kind_check
          check (kind in ('certificate', 'user', 'policy', 'trustAnchorSet', 'client'))
      )`);
    await runner.query(`create unique index certificate_denials_number on certificate_denials (client_ext_id, number)
      where number is not null`);
    await runner.query(`create index certificate_denials_unnumbered on certificate_denials (at) where number is null`);
    await runner.query(`create index certificate_denials_at on certificate_denials (at)`);
    await runner.query(`
      create table certificate_denial_feeds (
        client_ext_id text collate "C" not null,
        last_number bigint not null,
        removed_number bigint not null,
        constraint certificate_denial_feeds_pk primary key (client_ext_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table certificate_denial_feeds');
    await runner.query('drop table certificate_denials');
  }
}
