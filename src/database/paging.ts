import { identifier, instant, integer, nullable } from './column.js';
import { parameter, returns, type Sql, sql } from './sql.js';

const AFTER = parameter('afterCreated', nullable(instant()));
const AFTER_EXT_ID = parameter('afterExtId', identifier());
const LIMIT = parameter('limit', integer());

/**
 * The rows after the last item of the previous page, in the order of the page index; `alias` is the alias of the table.
 */
export function behind(alias: string) {
  const row = returns<unknown>(alias);
  return sql`(${row}.created, ${row}.ext_id) > (coalesce(${AFTER}, '-infinity'), ${AFTER_EXT_ID} collate "C")
    order by ${row}.created, ${row}.ext_id limit ${LIMIT}`;
}

/**
 * Like `behind`, of the rows whose `column` is `value`, in the order of an index of (column, created, ext_id). An equality
 * would let PostgreSQL read the order of all rows instead, which a generic plan does where the column has few values: of a
 * value that no row has, it would then read all of them.
 */
export function behindOf<Parameters>(alias: string, column: Sql, value: Sql<Parameters>) {
  const row = returns<unknown>(alias);
  return sql`(${column}, ${row}.created, ${row}.ext_id)
      > (${value}, coalesce(${AFTER}, '-infinity'), ${AFTER_EXT_ID} collate "C") and ${column} <= ${value}
    order by ${column}, ${row}.created, ${row}.ext_id limit ${LIMIT}`;
}

/** Like `behind`, newest first. */
export function before(alias: string) {
  const row = returns<unknown>(alias);
  return sql`(${row}.created, ${row}.ext_id) < (coalesce(${AFTER}, 'infinity'), ${AFTER_EXT_ID} collate "C")
    order by ${row}.created desc, ${row}.ext_id desc limit ${LIMIT}`;
}

interface PageRequest {
  readonly after: { readonly created: string | number | Date; readonly extId: string } | undefined;
  readonly limit: number;
}

/** Reads one more row than requested, to know whether there is a next page. */
export function pageParameters({ after, limit }: PageRequest) {
  return {
    afterCreated: after === undefined ? null : new Date(after.created),
    afterExtId: after?.extId ?? '',
    limit: limit + 1,
  };
}
