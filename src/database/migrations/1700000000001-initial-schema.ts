import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Keys lead with the client's immutable extId, so that the path of a request is the key and no answer needs a join to
 * resolve ids. Text that is compared byte by byte has the collation "C" (contract 2.2).
 */
export class InitialSchema1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table clients (
        ext_id text collate "C" not null constraint clients_pk primary key,
        incarnation uuid not null,
        name text collate "C" not null,
        display_name jsonb,
        remarks text,
        version integer not null,
        created timestamptz(3) not null,
        last_modified timestamptz(3) not null,
        deleted_at timestamptz(3)
      )`);
    await runner.query('create unique index clients_name_unique on clients (name) where deleted_at is null');
    await runner.query('create index clients_page on clients (created, ext_id) where deleted_at is null');

    await runner.query(`
      create table users (
        client_ext_id text collate "C" not null,
        ext_id text collate "C" not null,
        incarnation uuid not null,
        login_id text collate "C" not null,
        login_id_folded text collate "C" not null,
        state text collate "C" not null,
        is_technical_user boolean not null,
        language_code text collate "C",
        title text, first_name text, family_name text collate "C",
        sex text collate "C", gender text collate "C", birth_date text collate "C",
        address jsonb,
        telephone text, telefax text, mobile text, email text collate "C",
        valid_from timestamptz(3), valid_to timestamptz(3),
        properties jsonb,
        remarks text, modification_comment text,
        version integer not null,
        created timestamptz(3) not null,
        last_modified timestamptz(3) not null,
        constraint users_pk primary key (client_ext_id, ext_id),
        constraint users_login_id_unique unique (client_ext_id, login_id_folded),
        constraint users_client_fk foreign key (client_ext_id) references clients (ext_id),
        constraint users_state_check check (state in ('active', 'disabled', 'archived'))
      )`);
    await runner.query('create index users_page on users (client_ext_id, created, ext_id)');
    // Each filter that may be asked for often ends in the order of the pages, so that a page of it is read at once too.
    for (const column of ['email', 'family_name', 'state']) {
      await runner.query(`create index users_${column} on users (client_ext_id, ${column}, created, ext_id)`);
    }

    await runner.query(`
      create table policies (
        client_ext_id text collate "C" not null,
        ext_id text collate "C" not null,
        incarnation uuid not null,
        policy_type text collate "C" not null,
        name text collate "C",
        description text,
        default_policy boolean not null,
        parameters jsonb not null,
        version integer not null,
        created timestamptz(3) not null,
        last_modified timestamptz(3) not null,
        constraint policies_pk primary key (client_ext_id, ext_id),
        constraint policies_name_unique unique (client_ext_id, name),
        constraint policies_client_fk foreign key (client_ext_id) references clients (ext_id)
      )`);
    await runner.query(
      'create unique index policies_default_unique on policies (client_ext_id, policy_type) where default_policy',
    );
    await runner.query('create index policies_page on policies (client_ext_id, created, ext_id)');

    // A fifth of each page is left free: a login or a comment then updates in place, without touching an index.
    await runner.query(`
      create table credentials (
        client_ext_id text collate "C" not null,
        ext_id text collate "C" not null,
        incarnation uuid not null,
        user_ext_id text collate "C" not null,
        policy_ext_id text collate "C" not null,
        type text collate "C" not null,
        state text collate "C" not null,
        state_set_by text collate "C" not null,
        reason text collate "C" not null,
        detail text,
        comment text,
        valid_from timestamptz(3), valid_to timestamptz(3),
        properties jsonb,
        der bytea, sha256 bytea, sha1 bytea,
        subject_dn text collate "C", issuer_dn text collate "C",
        serial text collate "C", ski bytea,
        not_before timestamptz(3), not_after timestamptz(3),
        successes integer not null, failures integer not null,
        failures_since_lock integer not null,
        last_success timestamptz(3), last_failure timestamptz(3),
        lock text collate "C", lock_reason text collate "C", locked_until timestamptz(3),
        version integer not null,
        created timestamptz(3) not null,
        last_modified timestamptz(3) not null,
        constraint credentials_pk primary key (client_ext_id, ext_id),
        constraint credentials_user_fk foreign key (client_ext_id, user_ext_id) references users (client_ext_id, ext_id),
        constraint credentials_policy_fk foreign key (client_ext_id, policy_ext_id)
          references policies (client_ext_id, ext_id),
        constraint credentials_state_check
          check (state in ('initial', 'active', 'reset-code', 'admin-changed', 'disabled', 'archived')),
        constraint credentials_state_set_by_check
          check (state_set_by in ('owner', 'ownerOutOfLock', 'administrator', 'policy')),
        constraint credentials_lock_check check (lock in ('tmp-locked', 'fail-locked')),
        constraint credentials_certificate_check
          check (type <> 'Certificate' or (der is not null and sha256 is not null and sha1 is not null))
      ) with (fillfactor = 80)`);
    await runner.query(
      `create unique index credentials_certificate_unique on credentials (client_ext_id, sha256)
       where type = 'Certificate'`,
    );
    await runner.query('create index credentials_page on credentials (client_ext_id, user_ext_id, created, ext_id)');
    await runner.query('create index credentials_policy on credentials (client_ext_id, policy_ext_id)');

    await runner.query(`
      create table passwords (
        client_ext_id text collate "C" not null,
        credential_ext_id text collate "C" not null,
        user_ext_id text collate "C" not null,
        hash text collate "C" not null,
        generation uuid not null,
        changed_at timestamptz(3) not null,
        constraint passwords_pk primary key (client_ext_id, credential_ext_id),
        constraint passwords_user_unique unique (client_ext_id, user_ext_id),
        constraint passwords_credential_fk foreign key (client_ext_id, credential_ext_id)
          references credentials (client_ext_id, ext_id)
      )`);

    // No foreign keys: the trail outlives what it speaks of, the client included.
    await runner.query(`
      create table trail (
        client_ext_id text collate "C" not null,
        id uuid not null,
        at timestamptz(3) not null,
        actor text collate "C" not null,
        actor_client text collate "C" not null,
        action text collate "C" not null,
        code text collate "C",
        kind text collate "C" not null,
        ext_id text collate "C" not null,
        user_ext_id text collate "C",
        incarnation uuid,
        version integer,
        changed text[],
        after jsonb,
        sha256 bytea,
        der bytea,
        reason text collate "C",
        comment text,
        request_id text collate "C" not null,
        constraint trail_pk primary key (client_ext_id, id),
        constraint trail_version_unique unique (client_ext_id, incarnation, version)
      )`);
    await runner.query('create index trail_time on trail (client_ext_id, at, id)');
    await runner.query('create index trail_resource on trail (client_ext_id, ext_id, at, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table trail, passwords, credentials, policies, users, clients');
  }
}
