import type { StatementRunner } from '../database/database.js';
import { returns, sql, textOf } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { AUDIT_EVENTS, type AuditEventRow } from './audit-event.table.js';
import { eventResource } from './event-resource.js';

const { clientExtId: CLIENT } = AUDIT_EVENTS.parameters;

/** Rows that are read at once. */
const READ_AT_ONCE = 1000;

/** What is exported: the events of one client, or of all, from an instant up to another. */
export interface ExportedRange {
  /** `audit_log`, or a partition. */
  readonly table: string;
  readonly clientExtId?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** One line of an export: the event as the API shows it, and what the history is made of. */
export function exportedLine(row: AuditEventRow): string {
  const { clientExtId, generation, after, sha256, der } = row;
  const shown = Object.assign({ clientExtId }, eventResource(row), {
    generation: generation ?? undefined,
    after: after ?? undefined,
    certificateSha256: sha256?.toString('hex'),
    certificate: der?.toString('base64'),
  });
  return `${JSON.stringify(shown)}\n`;
}

/** In the order of client, time and id, a batch at a time: no export holds a transaction open. */
export async function* readEvents(runner: StatementRunner, range: ExportedRange): AsyncGenerator<AuditEventRow> {
  const { table, clientExtId = null, from = '-infinity', to = 'infinity' } = range;
  const columns = textOf(AUDIT_EVENTS.select('t'));
  const text = `select ${columns} from ${table} t
    where (t.client_ext_id, t.at, t.id) > ($2::text, $3::timestamptz, $4::uuid)
      and ($1::text is null or t.client_ext_id = $1) and t.at >= $5::timestamptz and t.at < $6::timestamptz
    order by t.client_ext_id, t.at, t.id limit ${READ_AT_ONCE}`;
  let after: readonly unknown[] = ['', '-infinity', '00000000-0000-0000-0000-000000000000'];
  if (clientExtId !== null) after = [clientExtId, from, '00000000-0000-0000-0000-000000000000'];
  for (;;) {
    const rows = await runner.run<AuditEventRow & Record<string, unknown>>({ name: '', text, ofNoClient: true }, [
      clientExtId,
      ...after,
      from,
      to,
    ]);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < READ_AT_ONCE) return;
    after = [last.clientExtId, last.at, last.id];
  }
}

/** For the progress of an export. */
export async function countRange(runner: StatementRunner, range: ExportedRange): Promise<number> {
  const { table, clientExtId = null, from = '-infinity', to = 'infinity' } = range;
  const text = `select count(*)::float8 as count from ${table}
    where ($1::text is null or client_ext_id = $1) and at >= $2::timestamptz and at < $3::timestamptz`;
  const [row] = await runner.run<{ count: number }>({ name: '', text, ofNoClient: true }, [clientExtId, from, to]);
  return row?.count ?? 0;
}

const KNOWN = statement(
  'find_client_or_its_events',
  sql`select ${returns<{ readonly known: boolean }>('true as known')}
    where exists (select 1 from clients where ext_id = ${CLIENT})
      or exists (select 1 from audit_log where client_ext_id = ${CLIENT})`,
);

/** Whether there is such a client, or was one whose events are still there. */
export async function isKnownClient(runner: StatementRunner, clientExtId: string): Promise<boolean> {
  return (await KNOWN.first(runner, { clientExtId })) !== undefined;
}
