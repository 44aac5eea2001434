import type { StatementRunner } from '../database/database.js';
import { returns, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { COLUMNS, execute } from './partitions.js';

/** Rows of one transaction: some ten milliseconds. */
const MOVED_AT_ONCE = 1000;

/** Everything up to this event, in the order of client, time and id, has been moved. */
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

/** The events that an older schema has left are in a table of their own, until all of them are in partitions. */
export async function hasUnpartitionedEvents(runner: StatementRunner): Promise<boolean> {
  return (await TABLES.first(runner, {}))?.exists === true;
}

/**
 * Moves some events in one statement, so that a reader sees each of them once. Undefined where there are no more. It may
 * be broken off and begun again anywhere.
 */
export async function moveSomeEvents(runner: StatementRunner, after: MovedUpTo): Promise<MovedUpTo | undefined> {
  const [last] = await runner.run<MovedUpTo & Record<string, unknown>>({ name: 'move_audit_events', text: MOVE }, [
    after.clientExtId,
    after.at,
    after.id,
  ]);
  return last;
}

/** Not made by `statement`: a test prepares those, and this one's tables are gone once it has done its work. */
const MOVE = `with chosen as (select client_ext_id, at, id from audit_events_unpartitioned
      where (client_ext_id, at, id) > ($1, $2, $3) order by client_ext_id, at, id limit ${MOVED_AT_ONCE}),
    written as (insert into audit_events (${COLUMNS})
      select ${COLUMNS} from audit_events_to_move where (client_ext_id, at, id) in (select * from chosen)),
    removed as (delete from audit_events_unpartitioned where (client_ext_id, at, id) in (select * from chosen))
  select client_ext_id as "clientExtId", at, id from chosen order by client_ext_id desc, at desc, id desc limit 1`;

/** Inside a transaction, once nothing is left to be moved. */
export async function dropUnpartitionedEvents(runner: StatementRunner): Promise<void> {
  await execute(runner, `create or replace view audit_log as select ${COLUMNS} from audit_events`);
  await execute(runner, 'drop view audit_events_to_move');
  await execute(runner, 'drop table audit_events_unpartitioned');
}
