import type { CertificateRow } from '../../credentials/credential.table.js';
import { joined, type Placeholder, returns, type Sql, sql } from '../../database/sql.js';
import { statement } from '../../database/statement.js';
import { BY_EXT_ID, CERTIFICATE_FILTERS, type FilterValues } from './certificate-filters.js';
import { type Grouped, pageByFilters, type SentFilter } from './certificate-search.queries.js';

interface LookedUpRow extends CertificateRow {
  /** The name of the filter that found it. */
  readonly filter: string;
}

/** Those whose first page is read quickly, whatever the value is. */
const FILTERS = Object.entries<SentFilter['filter']>({ ...CERTIFICATE_FILTERS, extId: BY_EXT_ID }).filter(
  ([, { cost }]) => cost === 'page' || cost === 'few',
);

/** The values of filters that are not looked up by. */
export const NO_VALUES: FilterValues = Object.fromEntries(FILTERS.map(([name]) => [name, null]));

export function isLookedUp(filter: string): boolean {
  return Object.hasOwn(NO_VALUES, filter);
}

/** Certificates of each filter that are shown (contract 16.3). */
export const MAX_FOUND = 20;

/**
 * Instead of the parameters of a page. PostgreSQL would take a tenth of all rows for an unknown limit, and then plan every
 * time, as a known one makes the plan cheaper.
 */
const FIRST_PAGE: Readonly<Record<string, string>> = {
  afterCreated: 'null::timestamptz',
  afterExtId: `''::text`,
  limit: `${MAX_FOUND + 1}`,
};

/** The first page of each filter that has a value, and one row more. */
export const LOOK_UP_CERTIFICATES = statement('look_up_certificates', joined(FILTERS.map(firstPage), ' union all '));

/** `offset 0` hides which values are null, so that no plan for some of the filters is cheaper than that for all. */
function firstPage([name, filter]: (typeof FILTERS)[number]) {
  const { parts } = pageByFilters([{ name, filter }]);
  const value = parts.find(isValue);
  const page = parts.map((part) => (isValue(part) ? 'v.value' : inFirstPage(part)));
  return sql`select ${returns<LookedUpRow>(`'${name}' as filter, page.*`)}
    from (select ${fragment(value === undefined ? [] : [value])} as value offset 0) v, lateral (${fragment(page)}) page`;
}

function isValue(part: string | Placeholder): part is Placeholder {
  return typeof part !== 'string' && part.group !== undefined;
}

function inFirstPage(part: string | Placeholder): string | Placeholder {
  return typeof part === 'string' ? part : (FIRST_PAGE[part.name] ?? part);
}

function fragment(parts: Sql['parts']) {
  return { parts } as Sql<Grouped & Readonly<Record<'clientExtId', string>>>;
}
