import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What certificates are searched by. The server writes these columns of the rows that are there already, beside requests. */
export class SearchColumns1700000000036 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Nullable and without a default, so that no row is rewritten.
    await runner.query(`
      alter table credentials
        add key_type text collate "C",
        add public_key_sha256 bytea,
        add signature_algorithm text collate "C",
        add subject_alternative_names text[],
        add key_usage text[],
        add extended_key_usage text[],
        add authority_key_identifier bytea,
        add described_sha256 bytea`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table credentials
        drop key_type,
        drop public_key_sha256,
        drop signature_algorithm,
        drop subject_alternative_names,
        drop key_usage,
        drop extended_key_usage,
        drop authority_key_identifier,
        drop described_sha256`);
  }
}
