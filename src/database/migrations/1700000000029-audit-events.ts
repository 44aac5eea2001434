import type { MigrationInterface, QueryRunner } from 'typeorm';

const RENAMED_COLUMN = ['clients', 'users', 'policies', 'credentials', 'key_stores', 'audit_events'];
const RENAMED_INDEXES = ['pk', 'version_unique', 'time', 'resource'];

/** The table and the column take the names of the contract: audit event, generation. */
export class AuditEvents1700000000029 implements MigrationInterface {
  /** They ask for the former names. */
  static readonly breaksOlderServers = true;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table trail rename to audit_events');
    for (const name of RENAMED_INDEXES) {
      await runner.query(`alter index trail_${name} rename to audit_events_${name}`);
    }
    for (const table of RENAMED_COLUMN) {
      await runner.query(`alter table ${table} rename column incarnation to generation`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of RENAMED_COLUMN) {
      await runner.query(`alter table ${table} rename column generation to incarnation`);
    }
    for (const name of RENAMED_INDEXES) {
      await runner.query(`alter index audit_events_${name} rename to trail_${name}`);
    }
    await runner.query('alter table audit_events rename to trail');
  }
}
