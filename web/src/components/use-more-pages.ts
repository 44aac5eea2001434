import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';

/** At most as many rows are in the document. */
export const PAGE_ROWS = 100;

export interface MorePages<Row> {
  readonly rows: readonly Row[];
  readonly isLoading: boolean;
  readonly isFetching: boolean;
  readonly error: unknown;
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  readonly next: () => void;
  readonly previous: () => void;
  readonly retry: () => void;
}

interface Page<Row> {
  readonly items: readonly Row[];
  /** What the server calls the next page; absent on the last one. */
  readonly next?: string | undefined;
}

/**
 * A list of the server, a page at a time. The page is in the address (`?page=`), so that *back* returns to it, and the
 * pages before it are those of the browser's history.
 */
export function useMorePages<Row>(
  key: readonly unknown[],
  read: (page: string | undefined, signal: AbortSignal) => Promise<Page<Row>>,
): MorePages<Row> {
  const [search, setSearch] = useSearchParams();
  const page = search.get('page') ?? undefined;
  const query = useQuery({
    queryKey: [...key, page],
    queryFn: async ({ signal }) => await read(page, signal),
    placeholderData: keepPreviousData,
  });
  const go = (to: string | undefined) => {
    setSearch((before) => {
      const after = new URLSearchParams(before);
      if (to === undefined) after.delete('page');
      else after.set('page', to);
      return after;
    });
  };
  const following = query.data?.next;
  return {
    rows: query.data?.items ?? [],
    isLoading: query.isPending,
    isFetching: query.isFetching,
    error: query.error,
    hasNext: following !== undefined,
    hasPrevious: page !== undefined,
    next: () => go(following),
    previous: () => window.history.back(),
    retry: () => void query.refetch(),
  };
}
