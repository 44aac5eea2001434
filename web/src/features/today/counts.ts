import { useQuery } from '@tanstack/react-query';

import { ApiError } from '../../api/api-error.js';
import { call } from '../../api/client.js';
import { listAuditEvents, listClientCertificates, listMtlsCertificates } from '../../api/generated/sdk.gen.js';
import type { ListAuditEventsData, ListClientCertificatesData } from '../../api/generated/types.gen.js';

/** As many are listed; of certificates that the server cannot count in time, more are shown as "100+". */
const MAX_LISTED = 100;

/** Counting many certificates costs the database more than reading a page of them. */
const COUNT_STALE_MS = 60_000;

export interface Count {
  readonly count: number;
  readonly hasMore: boolean;
}

type CertificateFilters = Omit<NonNullable<ListClientCertificatesData['query']>, 'limit'>;
type EventFilters = Omit<NonNullable<ListAuditEventsData['query']>, 'limit'>;

export function useCertificateCount(clientExtId: string, filters: CertificateFilters, enabled: boolean) {
  return useQuery({
    queryKey: ['count', 'certificates', clientExtId, filters],
    enabled,
    staleTime: COUNT_STALE_MS,
    queryFn: async ({ signal }) => await countOf(clientExtId, filters, signal),
  });
}

async function countOf(clientExtId: string, filters: CertificateFilters, signal: AbortSignal): Promise<Count> {
  const path = { clientExtId };
  try {
    const query = { ...filters, limit: 1, returnTotalResultCount: true };
    const { items, _pagination } = await call(listClientCertificates({ path, query, signal }));
    return { count: _pagination.totalResult ?? items.length, hasMore: false };
  } catch (error) {
    if (!(error instanceof ApiError) || !error.has('errors.tooManySearchResults')) throw error;
    const { items, _pagination } = await call(
      listClientCertificates({ path, query: { ...filters, limit: MAX_LISTED }, signal }),
    );
    return { count: items.length, hasMore: _pagination.continuationToken !== undefined };
  }
}

/** Newest first, at most a page. */
export function useNewestEvents(clientExtId: string, filters: EventFilters, enabled: boolean) {
  return useQuery({
    queryKey: ['newest-events', clientExtId, filters],
    enabled,
    queryFn: async ({ signal }) => {
      const query = { ...filters, order: 'desc' as const, limit: MAX_LISTED };
      return await call(listAuditEvents({ path: { clientExtId }, query, signal }));
    },
  });
}

export function useKeyStores(accountId: string, enabled: boolean) {
  return useQuery({
    queryKey: ['key-stores', accountId, 'today'],
    enabled,
    queryFn: async ({ signal }) => await call(listMtlsCertificates({ path: { accountId }, signal })),
  });
}
