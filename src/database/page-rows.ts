import { MAX_PAGE_BYTES } from '../common/page.js';
import type { Sql } from './sql.js';

/** Size of the members whose length callers cannot choose. */
const FIXED_OCTETS = 500;

/** The columns whose length callers can choose. */
interface Columns {
  /** Of type text or bytea, whose length is known without reading values that are stored out of line. */
  readonly plain: readonly string[];
  /** Of type jsonb, or arrays. */
  readonly composite?: readonly string[];
  /** Arrays of certificates, of which a response has the PEM and the most important fields. */
  readonly certificates?: readonly string[];
}

/** The column `octets`: roughly the size of the row in a response, rarely less than the real size. */
export function octetsOf(table: string, { plain, composite = [], certificates = [] }: Columns): string {
  const lengths = [
    ...plain.map((column) => `octet_length(${table}.${column})`),
    ...composite.map((column) => compositeSize(`${table}.${column}`)),
    ...certificates.map(
      (column) => `2 * pg_column_size(${table}.${column}) + ${FIXED_OCTETS} * cardinality(${table}.${column})`,
    ),
  ];
  return `(${[FIXED_OCTETS, ...lengths.map((length) => `coalesce(${length}, 0)`)].join(' + ')})::integer as octets`;
}

/**
 * A compressed value must be read to get its length, because the stored size is smaller; new values are not compressed.
 */
function compositeSize(column: string): string {
  return `case when pg_column_compression(${column}) is null then pg_column_size(${column})
      else octet_length(${column}::text) end`;
}

/**
 * The first rows of `select`, which must have an order, a limit and the column `octets`: all rows that begin within the
 * size of a page, so that a page exceeds it by at most one row. `more` says whether `select` has another row after this
 * one. The windows have no order of their own, so PostgreSQL uses the order of `select` and does not sort rows that an
 * index returns in order.
 */
export function pageOfRows<Parameters, Row>({
  parts,
}: Sql<Parameters, Row>): Sql<Parameters, Row & { readonly more: boolean }> {
  return { parts: [BEFORE, ...parts, AFTER] };
}

const BEFORE = `select * from (
      select *, sum(octets) over bytes as before, lead(true, 1, false) over bytes as more from (`;
const AFTER = `) page
      window bytes as (rows between unbounded preceding and 1 preceding)
    ) counted where coalesce(before, 0) < ${MAX_PAGE_BYTES}`;
