import type { MigrationInterface, QueryRunner } from 'typeorm';

/** CRLs that administrators have put, and what the sources of certificates have answered. */
export class RevocationEvidence1700000000037 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table trust_set_crls (
        client_ext_id text collate "C" not null,
        set_ext_id text collate "C" not null,
        name text collate "C" not null,
        issuer bytea not null,
        scope jsonb not null,
        number text collate "C",
        base_number text collate "C",
        this_update timestamptz(3) not null,
        next_update timestamptz(3),
        unusable text,
        sha256 bytea not null,
        octets integer not null,
        der bytea not null,
        stored_at timestamptz(3) not null,
        constraint trust_set_crls_pk primary key (client_ext_id, set_ext_id, name),
        constraint trust_set_crls_set_fk foreign key (client_ext_id, set_ext_id)
          references trust_anchor_sets (client_ext_id, ext_id) on delete cascade
      )`);
    await runner.query(`
      create table revocation_answers (
        client_ext_id text collate "C" not null,
        issuer_key_sha256 bytea not null,
        source_sha256 bytea not null,
        kind text collate "C" not null,
        url text collate "C" not null,
        request bytea,
        this_update timestamptz(3),
        next_update timestamptz(3),
        sha256 bytea,
        octets integer not null,
        der bytea,
        fetched_at timestamptz(3),
        changed_at timestamptz(3),
        refresh_at timestamptz(3),
        used_at timestamptz(3) not null,
        claimed_until timestamptz(3),
        failed_until timestamptz(3),
        failures integer not null,
        failure text collate "C",
        constraint revocation_answers_pk primary key (client_ext_id, issuer_key_sha256, source_sha256),
        constraint revocation_answers_client_fk foreign key (client_ext_id) references clients (ext_id)
      )`);
    await runner.query('create index revocation_answers_used on revocation_answers (client_ext_id, used_at)');
    await runner.query(
      'create index revocation_answers_refresh on revocation_answers (refresh_at) where refresh_at is not null',
    );
    await runner.query(`
      create table revocation_changes (
        client_ext_id text collate "C" not null,
        changed_at timestamptz(3) not null,
        constraint revocation_changes_pk primary key (client_ext_id),
        constraint revocation_changes_client_fk foreign key (client_ext_id) references clients (ext_id)
      )`);
    // Serial numbers do not compress, so that trying it only takes time.
    for (const table of ['trust_set_crls', 'revocation_answers']) {
      await runner.query(`alter table ${table} alter der set storage external`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table revocation_changes');
    await runner.query('drop table revocation_answers');
    await runner.query('drop table trust_set_crls');
  }
}
