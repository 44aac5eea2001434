import type { StatementRunner } from '../database/database.js';
import type { Exported } from './export-file.js';
import { execute } from './partitions.js';

/** The export of a month, as noted; undefined if it was not exported, or if no export was wanted when it was detached. */
export async function readExportNote(runner: StatementRunner, table: string): Promise<Exported | undefined> {
  const text = 'select obj_description($1::text::regclass, $2::text) as note';
  const [row] = await runner.run<{ note: string | null }>({ name: '', text }, [table, 'pg_class']);
  const [, events, sha256] = NOTE.exec(row?.note ?? '') ?? [];
  return events === undefined || sha256 === undefined ? undefined : { events: +events, sha256 };
}

/**
 * Requires a transaction. The note is the comment of the table, so that it lasts as long as the table does, and every
 * server reads it. Neither reads nor changes wait for its lock.
 */
export async function noteExport(runner: StatementRunner, table: string, exported?: Exported): Promise<void> {
  const note = exported === undefined ? 'null' : `'exported: ${exported.events} events, SHA-256 ${exported.sha256}'`;
  await execute(runner, `comment on table ${table} is ${note}`);
}

const NOTE = /^exported: (\d+) events, SHA-256 ([0-9a-f]{64})$/;
