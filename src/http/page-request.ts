import { appError, invalidParameter } from '../common/errors.js';
import { isExternalId } from '../common/external-id.js';
import type { PageRequest, PageStart } from '../common/page.js';
import { booleanParameter } from './query.js';

/** Contract 8.1. */
const DEFAULT_LIMIT = 100;
const MAXIMUM_LIMIT = 1000;

export const PAGE_PARAMETERS = ['limit', 'continuationToken', 'returnTotalResultCount'] as const;

export function readPageRequest(query: Readonly<Record<string, string>>): PageRequest {
  return {
    limit: readLimit(query['limit']),
    after: readToken(query['continuationToken']),
    countTotal: booleanParameter('returnTotalResultCount', query['returnTotalResultCount']),
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
    throw appError(invalidParameter('continuationToken', 'continuationToken was not returned by this list.'));
  }
  return { created: Number(created), extId };
}
