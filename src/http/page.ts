import { appError } from '../common/errors.js';
import { isExternalId } from '../common/external-id.js';
import { booleanParameter, invalidParameter } from './query.js';

/** Contract 8.1. */
const DEFAULT_LIMIT = 100;
const MAXIMUM_LIMIT = 1000;

export const PAGE_PARAMETERS = ['limit', 'continuationToken', 'returnTotalResultCount'] as const;

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

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly _pagination: {
    readonly continuationToken?: string;
    readonly limit: number;
    readonly totalResult?: number;
  };
  readonly _classifications: Readonly<Record<string, never>>;
}

export function readPageRequest(query: Readonly<Record<string, string>>): PageRequest {
  return {
    limit: readLimit(query['limit']),
    after: readToken(query['continuationToken']),
    countTotal: booleanParameter('returnTotalResultCount', query['returnTotalResultCount']),
  };
}

/**
 * A page out of rows that were read with a limit of one more than asked for: the extra one says that there is a next
 * page, at the price of nothing.
 */
export function pageOf<Row extends { created: Date; extId: string }, Item>(
  rows: readonly Row[],
  { limit }: PageRequest,
  item: (row: Row) => Item,
  totalResult: number | undefined,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(item),
    _pagination: {
      ...(last === undefined ? {} : { continuationToken: `${last.created.getTime()}_${last.extId}` }),
      limit,
      ...(totalResult === undefined ? {} : { totalResult }),
    },
    _classifications: {},
  };
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
