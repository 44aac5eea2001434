import type { ListClientCertificatesData } from '../../api/generated/types.gen.js';

type Query = NonNullable<ListClientCertificatesData['query']>;
export type FilterName = Exclude<keyof Query, 'limit' | 'continuationToken' | 'returnTotalResultCount'>;

/** In the address, each filter has the name and the form that it has in the request (F1). */
export const FILTER_NAMES = [
  'q',
  'stateName',
  'reason',
  'expiresBefore',
  'expiresAfter',
  'unusedSince',
  'userExtId',
  'policyExtId',
  'subjectDN',
  'issuerDN',
  'san',
  'serial',
  'fingerprint',
  'subjectKeyIdentifier',
  'authorityKeyIdentifier',
  'publicKeySha256',
  'keyType',
  'signatureAlgorithm',
  'extendedKeyUsage',
] as const satisfies readonly FilterName[];

export type Filters = Readonly<Partial<Record<FilterName, string>>>;

export function filtersOf(search: URLSearchParams): Filters {
  return Object.fromEntries(
    FILTER_NAMES.flatMap((name) => {
      const value = search.get(name)?.trim() ?? '';
      return value === '' ? [] : [[name, value]];
    }),
  );
}

export function queryOf(filters: Filters): Query {
  return filters as Query;
}

/** Without the page: another selection begins at its first page. */
export function searchOf(filters: Filters): URLSearchParams {
  return new URLSearchParams(Object.entries(filters));
}

export const INSTANTS: ReadonlySet<string> = new Set<FilterName>(['expiresBefore', 'expiresAfter', 'unusedSince']);

const two = (part: number) => String(part).padStart(2, '0');

/** The local day of an instant, as inputs of dates have it; an empty text if it is none. */
export function dayOf(instant: string | undefined): string {
  const date = new Date(instant ?? '');
  if (Number.isNaN(date.getTime())) return '';
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The beginning of a local day. An instant that is on that day already stays as it is. */
export function instantOf(day: string, before: string | undefined): string {
  if (before !== undefined && dayOf(before) === day) return before;
  const date = new Date(`${day}T00:00:00`);
  return Number.isNaN(date.getTime()) ? day : `${date.toISOString().slice(0, 19)}Z`;
}
