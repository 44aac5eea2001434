import { type AppError, appError } from '../common/errors.js';
import { isExternalId } from '../common/external-id.js';
import { MAX_PAGE_BYTES } from '../common/page-bytes.js';
import { formatInstant } from './instant.js';
import { booleanParameter, invalidParameter } from './query.js';

/** Contract 8.1. */
const DEFAULT_LIMIT = 100;
const MAXIMUM_LIMIT = 1000;

export const PAGE_PARAMETERS = ['limit', 'continuationToken', 'returnTotalResultCount'] as const;

/** What stands around the items of a page. */
const FRAME_BYTES = 500;

/** Where a page begins: behind the last item of the one before. */
interface PageStart {
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

/** A list that may be long: each item is made and serialised only when `PageReplies` asks for it, and once (ADR 23). */
export class Page<Item> {
  /** There is none; only the type says what the list is of. */
  declare readonly item: Item;

  /** `pieces`: one after the other they are the JSON of a `PageBody`. They can be had once. */
  constructor(
    readonly isEmpty: boolean,
    readonly pieces: Iterable<string>,
  ) {}
}

export function readPageRequest(query: Readonly<Record<string, string>>): PageRequest {
  return {
    limit: readLimit(query['limit']),
    after: readToken(query['continuationToken']),
    countTotal: booleanParameter('returnTotalResultCount', query['returnTotalResultCount']),
  };
}

/** A row as `database/page-rows.ts` reads it for a page. */
export interface PageRow {
  readonly created: Date;
  readonly extId: string;
  /** Whether there is another one after it, though perhaps not among those that were read. */
  readonly more: boolean;
}

/**
 * A page out of rows that were read with a limit of one more than asked for: the extra one says that there is a next
 * page, at the price of nothing. It ends early where it would be too large, but has one item at least.
 *
 * @param cutShort - what is thrown, when the pieces are asked for, where others follow: for lists without a token.
 */
export function pageOf<Row extends PageRow, Item>(
  rows: readonly Row[],
  { limit, heldFrom }: PageRequest & { readonly heldFrom?: Date | undefined },
  item: (row: Row) => Item,
  totalResult: number | undefined,
  cutShort?: () => AppError,
): Page<Item> {
  const making = { limit, item, totalResult, heldFrom, cutShort };
  return new Page(rows.length === 0, piecesOf(rows.slice(0, limit), rows.length > limit, making));
}

interface Making<Row> {
  readonly limit: number;
  readonly item: (row: Row) => unknown;
  readonly totalResult: number | undefined;
  readonly heldFrom: Date | undefined;
  readonly cutShort: (() => AppError) | undefined;
}

/** `rows` is emptied, so that a large row is not kept beside its JSON. */
function* piecesOf<Row extends PageRow>(
  rows: Row[],
  isOneMore: boolean,
  { limit, item, totalResult, heldFrom, cutShort }: Making<Row>,
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
  const isCut = rows.length > 0 || isOneMore || last?.more === true;
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

function readLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (!(limit >= 0 && limit <= MAXIMUM_LIMIT)) {
    throw appError(invalidParameter('limit', `limit must be a whole number from 0 to ${MAXIMUM_LIMIT}.`));
  }
  return limit === 0 ? DEFAULT_LIMIT : limit;
}

function readToken(text: string | undefined): PageStart | undefined {
  if (text === undefined) return undefined;
  const [, created, extId] = /^(\d{1,15})_(.+)$/.exec(text) ?? [];
  if (created === undefined || extId === undefined || !isExternalId(extId)) {
    throw appError(invalidParameter('continuationToken', 'continuationToken is not one that a page has given.'));
  }
  return { created: Number(created), extId };
}
