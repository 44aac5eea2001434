import { useQuery } from '@tanstack/react-query';

import { call } from '../../api/client.js';
import { listAuditEvents, listClientCertificates, listMtlsCertificates } from '../../api/generated/sdk.gen.js';
import type { ListAuditEventsData, ListClientCertificatesData } from '../../api/generated/types.gen.js';

/** More than one page are not counted, but shown as "100+". */
const MAX_COUNTED = 100;

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
    queryFn: async ({ signal }): Promise<Count> => {
      const query = { ...filters, limit: MAX_COUNTED };
      const { items, _pagination } = await call(listClientCertificates({ path: { clientExtId }, query, signal }));
      return { count: items.length, hasMore: _pagination.continuationToken !== undefined };
    },
  });
}

/** Newest first, at most a page. */
export function useNewestEvents(clientExtId: string, filters: EventFilters, enabled: boolean) {
  return useQuery({
    queryKey: ['newest-events', clientExtId, filters],
    enabled,
    queryFn: async ({ signal }) => {
      const query = { ...filters, order: 'desc' as const, limit: MAX_COUNTED };
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
