import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Versions of secrets, encrypted by the server. A destroyed one keeps its row, so that its number stays taken. */
export class SealedSecrets1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table sealed_secrets (
        client_ext_id text collate "C" not null,
        key_store_id bigint not null,
        version integer not null,
        key_id text collate "C",
        wrapped_key bytea,
        nonce bytea,
        ciphertext bytea,
        created timestamptz(3) not null,
        deleted_at timestamptz(3),
        destroyed_at timestamptz(3),
        constraint sealed_secrets_pk primary key (client_ext_id, key_store_id, version),
        constraint sealed_secrets_content_check check (
          num_nonnulls(key_id, wrapped_key, nonce, ciphertext) = case when destroyed_at is null then 4 else 0 end
        )
      )`);
    // What is encrypted cannot be compressed; PostgreSQL need not try.
    await runner.query('alter table sealed_secrets alter column ciphertext set storage external');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table sealed_secrets');
  }
}
