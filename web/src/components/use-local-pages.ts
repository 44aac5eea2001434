import { useState } from 'react';

import { type MorePages, PAGE_ROWS } from './use-more-pages.js';

/** Rows that are all there already, a page at a time, so that at most 100 are in the document. */
export function useLocalPages<Row>(rows: readonly Row[]): MorePages<Row> {
  const [chosen, setPage] = useState(0);
  const last = Math.max(0, Math.ceil(rows.length / PAGE_ROWS) - 1);
  const page = Math.min(chosen, last);
  const start = page * PAGE_ROWS;
  return {
    rows: rows.slice(start, start + PAGE_ROWS),
    isLoading: false,
    isFetching: false,
    error: null,
    hasNext: page < last,
    hasPrevious: page > 0,
    next: () => setPage(page + 1),
    previous: () => setPage(page - 1),
    retry: () => {},
  };
}
