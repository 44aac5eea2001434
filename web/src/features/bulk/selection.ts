import { type Filters, filtersOf, searchOf } from '../certificates/filters.js';

/** So many ids a job takes; more are selected by a filter. */
export const MAX_CHOSEN = 2_000;

/** What the address of the change page selects: chosen certificates, or else a filter. */
export type Selection = { readonly ids: string[] } | { readonly filter: Record<string, string> };

export function selectionOf(search: URLSearchParams, hash: string): Selection {
  const ids = new URLSearchParams(hash.slice(1)).getAll('id');
  return ids.length > 0 ? { ids } : { filter: { ...filtersOf(search) } as Record<string, string> };
}

/** Relative to the console of the client. */
export function changeAddress(base: string, filters: Filters, ids: ReadonlySet<string>): string {
  if (ids.size === 0) return `${base}/bulk/new?${searchOf(filters).toString()}`;
  // Servers and proxies refuse addresses with thousands of ids; they do not see what is behind the #.
  return `${base}/bulk/new#${new URLSearchParams([...ids].map((id) => ['id', id])).toString()}`;
}
