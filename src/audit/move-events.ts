import type { StatementRunner } from '../database/database.js';
import { returns, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { COLUMNS, DEFAULT_PARTITION, execute, lockViewAndPartitions } from './partitions.js';

/** Rows per transaction; moving them takes some tens of milliseconds. */
const MOVED_AT_ONCE = 1000;

/** The last event that has been moved, in the order of client, time and id. */
export interface MovedUpTo {
  readonly clientExtId: string;
  readonly at: Date;
  readonly id: string;
}

export const NOTHING_MOVED: MovedUpTo = {
  clientExtId: '',
  at: new Date(0),
  id: '00000000-0000-0000-0000-000000000000',
};

const TABLES = statement(
  'find_unpartitioned_audit_events',
  sql`select ${returns<{ readonly exists: boolean }>(`to_regclass('audit_events_unpartitioned') is not null as exists`)}`,
);

/**
 * Events of an earlier schema, or of a default partition that was set aside, stay in a separate table until all of them
 * have been moved to partitions.
 */
export async function hasUnpartitionedEvents(runner: StatementRunner): Promise<boolean> {
  return (await TABLES.first(runner, {}))?.exists === true;
}

/**
 * Moves a batch of events in one statement, so that a reader sees each event exactly once. Returns undefined when none
 * are left. The move can be interrupted after any batch and started again.
 */
export async function moveSomeEvents(runner: StatementRunner, after: MovedUpTo): Promise<MovedUpTo | undefined> {
  const [last] = await runner.run<MovedUpTo & Record<string, unknown>>({ name: 'move_audit_events', text: MOVE }, [
    after.clientExtId,
    after.at,
    after.id,
  ]);
  return last;
}

/** Not declared with `statement`, because a test prepares all of those, and these tables no longer exist after the move. */
const MOVE = `with chosen as (select client_ext_id, at, id from audit_events_unpartitioned
      where (client_ext_id, at, id) > ($1, $2, $3) order by client_ext_id, at, id limit ${MOVED_AT_ONCE}),
    written as (insert into audit_events (${COLUMNS})
      select ${COLUMNS} from audit_events_to_move where (client_ext_id, at, id) in (select * from chosen)),
    removed as (delete from audit_events_unpartitioned where (client_ext_id, at, id) in (select * from chosen))
  select client_ext_id as "clientExtId", at, id from chosen order by client_ext_id desc, at desc, id desc limit 1`;

/**
 * Requires a transaction that `changeTables` started, and no other table of events to move. A default partition that is
 * large becomes such a table, and an empty one takes its place.
 */
export async function setDefaultAside(runner: StatementRunner): Promise<void> {
  await lockViewAndPartitions(runner);
  await execute(runner, `alter table audit_events detach partition ${DEFAULT_PARTITION}`);
  await execute(runner, `alter table ${DEFAULT_PARTITION} rename to audit_events_unpartitioned`);
  await execute(runner, `create table ${DEFAULT_PARTITION} partition of audit_events default`);
  await execute(runner, `create view audit_events_to_move as select ${COLUMNS} from audit_events_unpartitioned`);
  await execute(
    runner,
    `create or replace view audit_log as select ${COLUMNS} from audit_events
      union all select ${COLUMNS} from audit_events_to_move`,
  );
}

/** Requires a transaction that `changeTables` started; no events may be left to move. */
export async function dropUnpartitionedEvents(runner: StatementRunner): Promise<void> {
  await lockViewAndPartitions(runner);
  await execute(runner, `create or replace view audit_log as select ${COLUMNS} from audit_events`);
  await execute(runner, 'drop view audit_events_to_move');
  await execute(runner, 'drop table audit_events_unpartitioned');
}
