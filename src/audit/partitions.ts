import { setTimeout as pause } from 'node:timers/promises';

import { type AppError, appError } from '../common/errors.js';
import { isLockTimeout } from '../database/database-error.js';
import type { StatementRunner, Transactions } from '../database/database.js';
import { ADVISORY_LOCKS } from '../database/locks.js';
import { textOf } from '../database/sql.js';
import { AUDIT_EVENTS } from './audit-event.table.js';

/** A month of the audit log, in UTC: `from` is inclusive, `to` exclusive. */
export interface Month {
  /** Such as `audit_events_2026_06`. */
  readonly table: string;
  readonly from: Date;
  readonly to: Date;
}

/** Takes the events of months without a partition, so that no change is refused because one is missing. */
export const DEFAULT_PARTITION = 'audit_events_default';

/** The month that contains `instant`, moved by `offset` months. */
export function monthOf(instant: Date, offset = 0): Month {
  const from = startOfMonth(instant.getUTCFullYear(), instant.getUTCMonth() + offset);
  const to = startOfMonth(instant.getUTCFullYear(), instant.getUTCMonth() + offset + 1);
  const year = String(from.getUTCFullYear()).padStart(4, '0');
  const month = String(from.getUTCMonth() + 1).padStart(2, '0');
  return { table: `audit_events_${year}_${month}`, from, to };
}

/** `month` counts from 0 and may exceed 11. `Date.UTC` would treat the years 0 to 99 as 1900 to 1999. */
function startOfMonth(year: number, month: number): Date {
  const start = new Date(0);
  start.setUTCFullYear(year, month, 1);
  return start;
}

/** The months that have a partition, oldest first. */
export async function readMonths(runner: StatementRunner): Promise<readonly Month[]> {
  const rows = await runner.run<{ name: string }>(
    {
      name: 'read_audit_partitions',
      text: `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'audit_events'::regclass order by c.relname`,
    },
    [],
  );
  return monthsOf(rows);
}

/** The months that retention has detached but not yet dropped. */
export async function readDetachedMonths(runner: StatementRunner): Promise<readonly Month[]> {
  const rows = await runner.run<{ name: string }>(
    {
      name: 'read_detached_audit_partitions',
      text: `select c.relname as name from pg_class c
        where c.relkind = 'r' and c.relname like 'audit\\_events\\_%' and pg_table_is_visible(c.oid)
          and not exists (select 1 from pg_inherits i where i.inhrelid = c.oid) order by c.relname`,
    },
    [],
  );
  return monthsOf(rows);
}

function monthsOf(rows: readonly { readonly name: string }[]): readonly Month[] {
  return rows.flatMap(({ name }) => {
    const [, year, month] = /^audit_events_(\d{4})_(\d{2})$/.exec(name) ?? [];
    return year === undefined || month === undefined ? [] : [monthOf(startOfMonth(+year, +month - 1))];
  });
}

/** Changes queue behind a lock request that waits, so each request is short, and is repeated. Milliseconds. */
const LOCK_MS = 50;
const LOCK_ATTEMPTS = 50;
const LOCK_PAUSE_MS = 100;

/** Runs `work` as the leader, in a transaction that delays no change for longer than `LOCK_MS`. */
export async function changeTables<Result>(
  leader: Transactions,
  work: (runner: StatementRunner) => Promise<Result>,
  statementTimeoutMs?: number,
): Promise<Result> {
  return await leader.transaction(
    '',
    async (runner) => {
      await execute(runner, `set local lock_timeout = ${LOCK_MS}`);
      return await work(runner);
    },
    statementTimeoutMs,
  );
}

/** Requires a transaction that `changeTables` started. Until it ends, nobody else makes a partition. */
export async function lockMaking(runner: StatementRunner): Promise<void> {
  await lockBy(runner, `select pg_advisory_xact_lock(${ADVISORY_LOCKS.auditPartitions})`);
}

/** Requires a transaction that `changeTables` started. Until it ends, no change and no read chooses a partition. */
export async function lockPartitions(runner: StatementRunner): Promise<void> {
  await lockBy(runner, LOCK_PARTITIONS);
}

/** The same, and nothing reads the view either. Reads lock the view first. */
export async function lockViewAndPartitions(runner: StatementRunner): Promise<void> {
  // `lock table` would lock every partition, too. An option that has this value already changes nothing.
  await lockBy(runner, 'alter view audit_log set (security_barrier = false)', LOCK_PARTITIONS);
}

const LOCK_PARTITIONS = 'lock table only audit_events in access exclusive mode';

async function lockBy(runner: StatementRunner, ...statements: readonly string[]): Promise<void> {
  await execute(runner, 'savepoint unlocked');
  for (let attempt = 1; ; attempt += 1) {
    try {
      for (const statement of statements) await execute(runner, statement);
      return;
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      if (attempt === LOCK_ATTEMPTS) throw readForLong();
      await execute(runner, 'rollback to savepoint unlocked');
      await pause(LOCK_PAUSE_MS);
    }
  }
}

/** Without the cause, which would have the whole transaction repeated at once, until the lease has ended. */
function readForLong(): AppError {
  return appError({
    code: 'errors.unavailable',
    message: 'A transaction has been reading the audit log for so long that its tables cannot be changed now.',
  });
}

/**
 * Requires a transaction. Events of the month that are in the default partition are moved into the new one. Attaching it
 * scans the default partition under an exclusive lock, so that this must be small (`isDefaultLarge`).
 */
export async function createPartition(runner: StatementRunner, { table, from, to }: Month): Promise<void> {
  const range = `at >= '${from.toISOString()}' and at < '${to.toISOString()}'`;
  await execute(runner, `create table ${table} (like audit_events including defaults including constraints)`);
  // Retention looks for the certificates of a month. Few events have one, and all the others would have to be read.
  await execute(runner, `create index ${table}_certificates on ${table} (at) where der is not null`);
  // With this constraint, attaching does not scan the table.
  await execute(runner, `alter table ${table} add constraint ${table}_month check (${range})`);
  const moveRows = async (): Promise<void> => {
    const moved = `delete from ${DEFAULT_PARTITION} where ${range} returning ${COLUMNS}`;
    await execute(runner, `with moved as (${moved}) insert into ${table} (${COLUMNS}) select ${COLUMNS} from moved`);
  };
  await moveRows();
  // From here on, changes and reads wait before they choose a partition. Otherwise a change that had chosen the default
  // partition would fail, and a read would miss the events that have left it. Only the few events written since the first
  // move are left to be moved now.
  await lockPartitions(runner);
  await moveRows();
  await execute(
    runner,
    `alter table audit_events attach partition ${table}
     for values from ('${from.toISOString()}') to ('${to.toISOString()}')`,
  );
  await execute(runner, `alter table ${table} drop constraint ${table}_month`);
}

/** With indexes, and what makes certificates readable. The sizes of the files, so that it costs nothing. */
export async function readAuditLogBytes(runner: StatementRunner): Promise<number> {
  const [row] = await runner.run<{ bytes: number }>(
    {
      name: 'measure_audit_log',
      text: `select (sum(pg_total_relation_size(relid)) + pg_total_relation_size('audit_certificates'))::float8 as bytes
        from pg_partition_tree('audit_events') where isleaf`,
    },
    [],
  );
  return row?.bytes ?? 0;
}

/** Attaching a partition scans so much in a few milliseconds: some thousand events, or what deleted ones have left. */
const MAX_DEFAULT_BYTES = 4 * 1024 * 1024;

export async function isDefaultLarge(runner: StatementRunner): Promise<boolean> {
  const [row] = await runner.run<{ large: boolean }>(
    {
      name: 'measure_default_audit_partition',
      text: `select pg_relation_size('${DEFAULT_PARTITION}') > ${MAX_DEFAULT_BYTES} as large`,
    },
    [],
  );
  return row?.large === true;
}

/** A month with events in the default partition; undefined if there is none. Years beyond 9999 stay there. */
export async function monthInDefault(runner: StatementRunner): Promise<Month | undefined> {
  const [row] = await runner.run<{ at: Date }>(
    {
      name: 'read_month_in_default',
      text: `select at from ${DEFAULT_PARTITION} where at >= '0001-01-01' and at < '9999-12-01' limit 1`,
    },
    [],
  );
  return row === undefined ? undefined : monthOf(row.at);
}

/** Runs a statement without preparing it, because it is run only once. */
export async function execute(runner: StatementRunner, text: string): Promise<void> {
  await runner.run({ name: '', text }, []);
}

export const COLUMNS = textOf(AUDIT_EVENTS.names());
