import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sets of certificates that a path may end at, and the policies that name one. */
export class TrustAnchorSets1700000000035 implements MigrationInterface {
  /** They do not know the parameter `trustAnchors`, nor that a change of a set must be evaluated. */
  static readonly breaksOlderServers = true;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table trust_anchor_sets (
        client_ext_id text collate "C" not null,
        ext_id text collate "C" not null,
        generation uuid not null,
        name text collate "C" not null,
        description text,
        anchors bytea[] not null,
        intermediates bytea[] not null,
        version integer not null,
        created timestamptz(3) not null,
        last_modified timestamptz(3) not null,
        constraint trust_anchor_sets_pk primary key (client_ext_id, ext_id),
        constraint trust_anchor_sets_name_unique unique (client_ext_id, name),
        constraint trust_anchor_sets_client_fk foreign key (client_ext_id) references clients (ext_id)
      )`);
    await runner.query('create index trust_anchor_sets_page on trust_anchor_sets (client_ext_id, created, ext_id)');
    // Of what is not compressed the length is known without reading it.
    for (const column of ['anchors', 'intermediates']) {
      await runner.query(`alter table trust_anchor_sets alter ${column} set storage external`);
    }
    await runner.query(`
      alter table policies add trust_set_ext_id text collate "C",
        add evaluation_version integer not null default 1,
        add constraint policies_trust_set_fk foreign key (client_ext_id, trust_set_ext_id)
          references trust_anchor_sets (client_ext_id, ext_id)`);
    await runner.query('alter table policies alter evaluation_version drop default');
    await runner.query(
      'create index policies_trust_set on policies (client_ext_id, trust_set_ext_id) where trust_set_ext_id is not null',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index policies_trust_set');
    await runner.query('alter table policies drop constraint policies_trust_set_fk');
    await runner.query('alter table policies drop trust_set_ext_id, drop evaluation_version');
    await runner.query('drop table trust_anchor_sets');
  }
}
