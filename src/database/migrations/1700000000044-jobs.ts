import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Jobs, which change many resources one after the other. */
export class Jobs1700000000044 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table jobs (
        client_ext_id text collate "C" not null,
        id uuid not null,
        kind text collate "C" not null,
        status text collate "C" not null,
        parameters jsonb not null,
        undone_job uuid,
        actor text collate "C" not null,
        actor_client text collate "C" not null,
        permissions jsonb not null,
        data_room jsonb not null,
        address text collate "C",
        request_id text collate "C" not null,
        total integer not null,
        changed integer not null,
        unchanged integer not null,
        refused integer not null,
        gone integer not null,
        created timestamptz(3) not null,
        last_loaded timestamptz(3) not null,
        ended timestamptz(3),
        constraint jobs_pk primary key (client_ext_id, id),
        constraint jobs_client_fk foreign key (client_ext_id) references clients (ext_id),
        constraint jobs_kind_check check (kind in ('disable', 'enable', 'move', 'delete', 'undo', 'import')),
        constraint jobs_status_check check (status in ('loading', 'running', 'stopped', 'completed'))
      )`);
    await runner.query(`create unique index jobs_running_unique on jobs (client_ext_id)
      where status in ('loading', 'running')`);
    await runner.query('create index jobs_page on jobs (client_ext_id, created, id)');
    await runner.query('create index jobs_undone on jobs (client_ext_id, undone_job) where undone_job is not null');
    await runner.query('create index jobs_ended on jobs (ended) where ended is not null');
    await runner.query(`
      create table job_rows (
        client_ext_id text collate "C" not null,
        job_id uuid not null,
        position integer not null,
        user_ext_id text collate "C",
        ext_id text collate "C",
        generation uuid,
        sha256 bytea,
        line jsonb,
        result text collate "C",
        errors jsonb,
        version_after integer,
        before jsonb,
        constraint job_rows_pk primary key (client_ext_id, job_id, position),
        constraint job_rows_job_fk foreign key (client_ext_id, job_id) references jobs (client_ext_id, id)
          on delete cascade,
        constraint job_rows_result_check check (result in ('changed', 'unchanged', 'refused', 'gone'))
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table job_rows');
    await runner.query('drop table jobs');
  }
}
