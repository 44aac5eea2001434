import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is no secret of an account's key stores; `claim` is set while vault and row may disagree. */
export class KeyStores1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table key_stores (
        client_ext_id text collate "C" not null,
        id bigint not null,
        incarnation uuid not null,
        name text collate "C" not null,
        display_name text,
        state text collate "C" not null,
        vault_version integer,
        subject_dn text collate "C",
        expires timestamptz(3) not null,
        p12_sha256 bytea not null,
        claim uuid,
        claimed_at timestamptz(3),
        version integer not null,
        created timestamptz(3) not null,
        last_modified timestamptz(3) not null,
        deleted_at timestamptz(3),
        constraint key_stores_pk primary key (client_ext_id, id),
        constraint key_stores_client_fk foreign key (client_ext_id) references clients (ext_id),
        constraint key_stores_state_check check (state in ('pending', 'available', 'unavailable')),
        constraint key_stores_claim_check check ((claim is null) = (claimed_at is null))
      )`);
    await runner.query(
      'create unique index key_stores_name_unique on key_stores (client_ext_id, name) where deleted_at is null',
    );
    await runner.query('create index key_stores_page on key_stores (client_ext_id, created, id)');
    await runner.query('create index key_stores_claimed on key_stores (claimed_at) where claimed_at is not null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table key_stores');
  }
}
