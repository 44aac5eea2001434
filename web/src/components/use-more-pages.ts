import { type InfiniteData, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useLocation, useSearchParams } from 'react-router';

/** As many rows are read and added at once, so that the page stays responsive while they are. */
export const PAGE_ROWS = 25;

/** At most 100 rows are in the document. */
export const MAX_PAGES = 4;

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
  /** Whether more rows are read as soon as somebody scrolls to the end of those that are there. */
  readonly endless?: boolean;
  /** Tells which row is the first that the reader sees. */
  readonly place?: (row: number) => void;
}

interface Page<Row> {
  readonly items: readonly Row[];
  /** What the server calls the next page; absent on the last one. */
  readonly next?: string | undefined;
}

/** The server knows only which page comes next, so each page remembers the one before it. */
interface Place {
  /** What the server calls the page; undefined for the first one. */
  readonly token: string | undefined;
  readonly before?: Place;
}

/**
 * A list of the server, of which a few pages are kept. The page that the reader sees is in the address (`?page=`). *Back*
 * finds the rows that were there, because they belong to the entry of the browser's history.
 */
export function useMorePages<Row>(
  key: readonly unknown[],
  read: (page: string | undefined, signal: AbortSignal) => Promise<Page<Row>>,
): MorePages<Row> {
  const { key: entry } = useLocation();
  const [search, setSearch] = useSearchParams();
  const query = useInfiniteQuery<Page<Row>, Error, InfiniteData<Page<Row>, Place>, readonly unknown[], Place>({
    queryKey: [...key, entry],
    queryFn: async ({ pageParam, signal }) => await read(pageParam.token, signal),
    initialPageParam: { token: search.get('page') ?? undefined },
    getNextPageParam: ({ next }, _pages, before) => (next === undefined ? undefined : { token: next, before }),
    getPreviousPageParam: (_page, _pages, { before }) => before,
    maxPages: MAX_PAGES,
    placeholderData: keepPreviousData,
  });
  const { pages = [], pageParams = [] } = query.data ?? {};
  const isBehindOthers = pageParams[0]?.token !== undefined;
  return {
    rows: pages.flatMap(({ items }) => items),
    isLoading: query.isPending,
    isFetching: query.isFetching,
    error: query.error,
    hasNext: query.hasNextPage,
    hasPrevious: isBehindOthers,
    next: () => void query.fetchNextPage({ cancelRefetch: false }),
    previous: () => {
      if (query.hasPreviousPage) void query.fetchPreviousPage({ cancelRefetch: false });
      // After a reload, nobody knows what comes before this page.
      else setSearch((before) => withPage(before, undefined));
    },
    retry: () => void query.refetch(),
    endless: true,
    place: (row) => {
      let rest = row;
      const page = pages.findIndex(({ items }) => (rest -= items.length) < 0);
      keepInAddress(pageParams[page]?.token);
    },
  };
}

/** Beside the router, as nothing on the page depends on it until the page is loaded again. */
function keepInAddress(page: string | undefined): void {
  const address = new URL(window.location.href);
  if ((address.searchParams.get('page') ?? undefined) === page) return;
  address.search = withPage(address.searchParams, page).toString();
  window.history.replaceState(window.history.state, '', address);
}

function withPage(search: URLSearchParams, page: string | undefined): URLSearchParams {
  const after = new URLSearchParams(search);
  if (page === undefined) after.delete('page');
  else after.set('page', page);
  return after;
}
