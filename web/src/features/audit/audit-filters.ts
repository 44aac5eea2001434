import type { AuditAction, AuditKind, ListAuditEventsData } from '../../api/generated/types.gen.js';

/** The filters, in the address under the names that the server has for them. */
export type AuditFilters = Pick<
  NonNullable<ListAuditEventsData['query']>,
  'actor' | 'action' | 'kind' | 'userExtId' | 'extId' | 'from' | 'to'
>;

export const FILTERS = ['kind', 'action', 'actor', 'userExtId', 'extId', 'from', 'to'] as const;

/** Does not compile if the API document has one that is missing here. */
const ACTION_SET: Readonly<Record<AuditAction, true>> = {
  created: true,
  changed: true,
  archived: true,
  deleted: true,
  loggedIn: true,
  loginFailed: true,
  refused: true,
};
const KIND_SET: Readonly<Record<AuditKind, true>> = {
  client: true,
  user: true,
  certificate: true,
  password: true,
  policy: true,
  trustAnchorSet: true,
  keyStore: true,
  job: true,
};
export const ACTIONS = Object.keys(ACTION_SET) as readonly AuditAction[];
export const KINDS = Object.keys(KIND_SET) as readonly AuditKind[];

/** What the server cannot evaluate is left to it: it says what is wrong with it. */
export function filtersIn(search: URLSearchParams): AuditFilters {
  return Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = search.get(name) ?? '';
      return value === '' ? [] : [[name, value]];
    }),
  );
}

/** A time of the address, in the zone of the reader, as the browser's control takes it. */
export function asLocalTime(iso: string | null): string {
  const date = new Date(iso ?? '');
  if (Number.isNaN(date.getTime())) return '';
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

export function asInstant(local: string): string {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
