import { MAX_PAGE_BYTES } from '../common/page-bytes.js';
import type { Sql } from './sql.js';

/** Members whose length is not a caller's choice. */
const FIXED_OCTETS = 500;

/** The columns of a row whose length is a caller's choice. */
interface Columns {
  /** Of type text or bytea, whose length is known without reading a value that is stored out of line. */
  readonly plain: readonly string[];
  /** Of type jsonb, or arrays. */
  readonly composite?: readonly string[];
}

/** About as many bytes as the row takes in an answer, and hardly ever more, as the column `octets`. */
export function octetsOf(table: string, { plain, composite = [] }: Columns): string {
  const lengths = [
    ...plain.map((column) => `octet_length(${table}.${column})`),
    ...composite.map((column) => compositeOctets(`${table}.${column}`)),
  ];
  return `(${[FIXED_OCTETS, ...lengths.map((length) => `coalesce(${length}, 0)`)].join(' + ')})::integer as octets`;
}

/** The stored size says nothing of a compressed value, which alone is read for its length; newer ones are not compressed. */
function compositeOctets(column: string): string {
  return `case when pg_column_compression(${column}) is null then pg_column_size(${column})
      else octet_length(${column}::text) end`;
}

/**
 * The first rows of `select`, which orders and limits them and has the column `octets`: as many as begin within the
 * bytes of a page, so that no page holds more than that and one row. `more` says of each whether `select` has another
 * one after it. The windows have no order of their own: PostgreSQL gives them the rows as `select` orders them, and an
 * index that reads them in order need not be sorted again.
 */
export function withinPageBytes(select: string): string {
  return BEFORE + select + AFTER;
}

/** The same for SQL with named parameters. */
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
