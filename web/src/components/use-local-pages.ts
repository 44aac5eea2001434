import { useState } from 'react';

import { MAX_PAGES, type MorePages, PAGE_ROWS } from './use-more-pages.js';

/** Rows that are all there already, of which at most 100 are in the document. */
export function useLocalPages<Row>(rows: readonly Row[], { endless = false } = {}): MorePages<Row> {
  const [shown, show] = useState({ first: 0, last: 0 });
  const end = Math.max(0, Math.ceil(rows.length / PAGE_ROWS) - 1);
  const last = Math.min(shown.last, end);
  const first = Math.min(shown.first, last);
  return {
    rows: rows.slice(first * PAGE_ROWS, (last + 1) * PAGE_ROWS),
    isLoading: false,
    isFetching: false,
    error: null,
    hasNext: last < end,
    hasPrevious: first > 0,
    next: () => show({ first: Math.max(first, last + 2 - MAX_PAGES), last: last + 1 }),
    previous: () => show({ first: first - 1, last: Math.min(last, first - 2 + MAX_PAGES) }),
    retry: () => {},
    endless,
  };
}
