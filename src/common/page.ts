import type { AppError } from './errors.js';
import { formatInstant } from './instant.js';

/** Maximum size in bytes of a page of a list, both as read from the database and as sent (contract 8.1). */
export const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** Bytes of a page without its items, rounded up. */
const FRAME_BYTES = 500;

/** A page begins after the last item of the previous one. */
export interface PageStart {
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly extId: string;
}

export interface PageRequest {
  readonly limit: number;
  readonly after: PageStart | undefined;
  readonly countTotal: boolean;
}

/** The shape of every list (contract 8.1). */
export interface PageBody<Item> {
  readonly items: readonly Item[];
  readonly _pagination: {
    readonly continuationToken?: string;
    readonly limit: number;
    readonly totalResult?: number;
    /** Of an audit log from which retention has dropped what was before. */
    readonly heldFrom?: string;
  };
  readonly _classifications: Readonly<Record<string, never>>;
}

/**
 * A list that may be long. Each item is created and serialised only when `PageReplies` requests it, and only once (ADR
 * 23).
 */
export class Page<Item> {
  /** Never set; only declares the type of the items. */
  declare readonly item: Item;

  /** `pieces`: joined, they are the JSON of a `PageBody`. They can be iterated once. */
  constructor(
    readonly isEmpty: boolean,
    readonly pieces: Iterable<string>,
  ) {}
}

/** A row that `database/page-rows.ts` has read for a page. */
export interface PageRow {
  readonly created: Date;
  readonly extId: string;
  /** Whether another row follows, even if it was not read. */
  readonly more: boolean;
}

/**
 * Makes a page from rows that were read with a limit of one more than requested; the extra row shows that there is a
 * next page. The page ends early if it would be too large, but has at least one item.
 *
 * @param cutShort - for lists without a continuation token: the error thrown while iterating if items remain
 */
export function pageOf<Row extends PageRow, Item>(
  rows: readonly Row[],
  { limit, heldFrom }: PageRequest & { readonly heldFrom?: Date | undefined },
  item: (row: Row) => Item,
  totalResult: number | undefined,
  cutShort?: () => AppError,
): Page<Item> {
  const pageSource = { limit, item, totalResult, heldFrom, cutShort };
  return new Page(rows.length === 0, pageChunks(rows.slice(0, limit), rows.length > limit, pageSource));
}

/** Rows of a page of an export. */
export const EXPORT_LIMIT = 500;

/**
 * All rows of a list, a page at a time, for an export that may take as long as its reader.
 *
 * @param read - with a limit of one more than `EXPORT_LIMIT`, as for `pageOf`
 */
export async function* allPages<Row extends PageRow>(
  read: (after: PageStart | undefined) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  for (let after: PageStart | undefined; ;) {
    const found = await read(after);
    const rows = found.slice(0, EXPORT_LIMIT);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    if (found.length <= EXPORT_LIMIT && !last.more) return;
    after = { created: last.created.getTime(), extId: last.extId };
  }
}

interface PageSource<Row> {
  readonly limit: number;
  readonly item: (row: Row) => unknown;
  readonly totalResult: number | undefined;
  readonly heldFrom: Date | undefined;
  readonly cutShort: (() => AppError) | undefined;
}

/** Empties `rows`, so that a large row does not stay in memory together with its JSON. */
function* pageChunks<Row extends PageRow>(
  rows: Row[],
  hasNextPage: boolean,
  { limit, item, totalResult, heldFrom, cutShort }: PageSource<Row>,
): Generator<string> {
  let last: PageRow | undefined;
  let bytes = FRAME_BYTES;
  yield '{"items":[';
  for (let row = rows.shift(); row !== undefined; row = rows.shift()) {
    const text = JSON.stringify(item(row));
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > MAX_PAGE_BYTES && last !== undefined) {
      rows.unshift(row);
      break;
    }
    if (last !== undefined) yield ',';
    yield text;
    last = { created: row.created, extId: row.extId, more: row.more };
  }
  const isCut = rows.length > 0 || hasNextPage || last?.more === true;
  rows.length = 0;
  if (isCut && cutShort !== undefined) throw cutShort();
  const pagination = {
    ...(isCut && last !== undefined ? { continuationToken: `${last.created.getTime()}_${last.extId}` } : {}),
    limit,
    ...(totalResult === undefined ? {} : { totalResult }),
    ...(heldFrom === undefined ? {} : { heldFrom: formatInstant(heldFrom) }),
  };
  yield `],"_pagination":${JSON.stringify(pagination)},"_classifications":{}}`;
}
