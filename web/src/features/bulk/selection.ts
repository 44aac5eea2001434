import { type Filters, filtersOf } from '../certificates/filters.js';

/** What the address of the change page selects: chosen certificates, or else a filter. */
export type Selection = { readonly ids: string[] } | { readonly filter: Record<string, string> };

export function selectionOf(search: URLSearchParams): Selection {
  const ids = search.getAll('id');
  return ids.length > 0 ? { ids } : { filter: { ...filtersOf(search) } as Record<string, string> };
}

/** Relative to the console of the client. */
export function changeAddress(base: string, filters: Filters, ids: ReadonlySet<string>): string {
  const search = ids.size > 0 ? [...ids].map((id) => ['id', id]) : Object.entries(filters);
  return `${base}/bulk/new?${new URLSearchParams(search).toString()}`;
}
