import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of the rows of the schema before, which name what changed without its values, or nothing (`array_fill` refuses null). */
const MOVED_COLUMNS = `client_ext_id, id, at, actor, actor_client, null::text collate "C" as address, action, code, kind, ext_id,
  user_ext_id, generation, version, case when changed is not null
    then jsonb_object(changed, array_fill(null::text, array[cardinality(changed)])) end as changes,
  after, sha256, der, reason, comment, request_id`;

/**
 * The audit log is partitioned by month. What it holds already stays in a table of its own until the server has moved
 * it; until then the view `audit_log` joins both.
 */
export class AuditPartitions1700000000033 implements MigrationInterface {
  /** They would read and write the table that is being emptied. */
  static readonly breaksOlderServers = true;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table audit_events rename to audit_events_unpartitioned');
    await runner.query('alter index audit_events_pk rename to audit_events_unpartitioned_pk');
    await runner.query('alter table audit_events_unpartitioned drop constraint audit_events_version_unique');
    await runner.query('alter index audit_events_time rename to audit_events_unpartitioned_time');
    await runner.query('alter index audit_events_resource rename to audit_events_unpartitioned_resource');
    // Columns of a fixed length first, so that none of their bytes are padding.
    await runner.query(`
      create table audit_events (
        at timestamptz(3) not null,
        id uuid not null,
        generation uuid,
        version integer,
        client_ext_id text collate "C" not null,
        actor text collate "C" not null,
        actor_client text collate "C" not null,
        address text collate "C",
        action text collate "C" not null,
        code text collate "C",
        kind text collate "C" not null,
        ext_id text collate "C" not null,
        user_ext_id text collate "C",
        changes jsonb,
        after jsonb,
        sha256 bytea,
        der bytea,
        reason text collate "C",
        comment text,
        request_id text collate "C" not null,
        constraint audit_events_pk primary key (client_ext_id, at, id)
      ) partition by range (at)`);
    await runner.query('create index audit_events_resource on audit_events (client_ext_id, ext_id, at)');
    await runner.query('create index audit_events_user on audit_events (client_ext_id, user_ext_id, at)');
    await runner.query('create index audit_events_actor on audit_events (client_ext_id, actor, at, id)');
    await runner.query('create table audit_events_default partition of audit_events default');
    await runner.query(`
      create table audit_certificates (
        client_ext_id text collate "C" not null,
        sha256 bytea not null,
        der bytea not null,
        constraint audit_certificates_pk primary key (client_ext_id, sha256)
      )`);
    await runner.query(`
      create table audit_retention (
        singleton boolean not null default true,
        held_from timestamptz(3) not null,
        constraint audit_retention_pk primary key (singleton),
        constraint audit_retention_singleton_check check (singleton)
      )`);
    await runner.query(`
      create view audit_events_to_move as select ${MOVED_COLUMNS} from audit_events_unpartitioned`);
    await runner.query(`
      create view audit_log as select ${EVENT_COLUMNS} from audit_events
        union all select ${EVENT_COLUMNS} from audit_events_to_move`);
    const [{ empty }] = (await runner.query(
      'select not exists (select 1 from audit_events_unpartitioned) as empty',
    )) as [{ empty: boolean }];
    if (!empty) return;
    await runner.query(`create or replace view audit_log as select ${EVENT_COLUMNS} from audit_events`);
    await runner.query('drop view audit_events_to_move');
    await runner.query('drop table audit_events_unpartitioned');
  }

  /** Events that are in partitions already are not brought back: their values have no place in the schema before. */
  async down(): Promise<void> {
    throw new Error('The audit log cannot go back to one table. Restore the backup that was made before the upgrade.');
  }
}

const EVENT_COLUMNS = `client_ext_id, id, at, actor, actor_client, address, action, code, kind, ext_id, user_ext_id,
  generation, version, changes, after, sha256, der, reason, comment, request_id`;
