import { csvRecord } from '../../../../src/common/csv.js';
import { call } from '../../api/client.js';
import { listAuditEvents } from '../../api/generated/sdk.gen.js';
import type { AuditEventResource } from '../../api/generated/types.gen.js';
import type { AuditFilters } from './audit-filters.js';

export const FORMATS = {
  csv: { type: 'text/csv', head: () => csvRecord(COLUMNS), line: csvOf },
  ndjson: {
    type: 'application/x-ndjson',
    head: () => '',
    line: (event: AuditEventResource) => `${JSON.stringify(event)}\n`,
  },
} as const;
export type Format = keyof typeof FORMATS;

const COLUMNS = [
  'id',
  'at',
  'actor',
  'actorClientExtId',
  'address',
  'action',
  'kind',
  'extId',
  'userExtId',
  'version',
  'changes',
  'reason',
  'comment',
  'code',
  'requestId',
] as const satisfies readonly (keyof AuditEventResource)[];

function csvOf(event: AuditEventResource): string {
  return csvRecord(
    COLUMNS.map((name) => {
      const value = event[name];
      return typeof value === 'object' ? JSON.stringify(value) : value;
    }),
  );
}

/** The server's largest page. */
const LIMIT = 1_000;

interface Exported {
  readonly clientExtId: string;
  readonly filters: AuditFilters;
  readonly format: Format;
}

/** Reads every page that the filters select, newest first, into one file. */
export async function exportEvents(
  { clientExtId, filters, format }: Exported,
  signal: AbortSignal,
  onProgress: (events: number) => void,
): Promise<Blob> {
  const { type, head, line } = FORMATS[format];
  // A browser may keep blobs on its disk, but not texts.
  const parts: Blob[] = [new Blob([head()])];
  let events = 0;
  let continuationToken: string | undefined;
  do {
    const query = { ...filters, order: 'desc', limit: LIMIT } as const;
    const next = continuationToken === undefined ? {} : { continuationToken };
    const { items, _pagination } = await call(
      listAuditEvents({ path: { clientExtId }, query: { ...query, ...next }, signal }),
    );
    parts.push(new Blob([items.map(line).join('')]));
    events += items.length;
    onProgress(events);
    ({ continuationToken } = _pagination);
  } while (continuationToken !== undefined);
  return new Blob(parts, { type });
}

export function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
