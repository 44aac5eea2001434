import { integer } from '../database/column.js';
import { octetsOf, pageOfRows } from '../database/page-rows.js';
import { before, behind, pageParameters } from '../database/paging.js';
import type { Search } from '../database/searches.js';
import { grouped, joined, parameter, returns, type Sql, sql } from '../database/sql.js';
import { shortRead, statement } from '../database/statement.js';
import { unprepared } from '../database/unprepared.js';
import { SEARCH_MEMBERS, type SearchValues } from './user-search-members.js';
import { USER_COLUMNS, USERS } from './user.table.js';
import type { UserFilter, UserOrder, UsersQuery } from './users-query.js';

export const FIND_CLIENT = shortRead(
  'find_client_of_users',
  sql`select 1 from clients where ext_id = ${USERS.parameters.clientExtId} and deleted_at is null`,
);

const OCTETS = returns<unknown>(
  octetsOf('u', {
    plain: [
      'login_id',
      'title',
      'first_name',
      'family_name',
      'telephone',
      'telefax',
      'mobile',
      'email',
      'remarks',
      'modification_comment',
    ],
    composite: ['address', 'properties'],
  }),
);

type Filters = readonly Pick<UserFilter, 'name' | 'by'>[];

const LISTED = sql`select ${USERS.select('u', USER_COLUMNS)}, ${OCTETS} from users u`;
const LIMIT = parameter('limit', integer());
const OFFSET = parameter('offset', integer());

/** The prepared statements of frequent lists, by the names of their filters. */
const PREPARED = new Map(
  [[], ...[...SEARCH_MEMBERS].map(([name, by]) => [{ name, by }])]
    .filter((filters) => !isLimited(filters))
    .map((filters) => {
      const by = filters.map(({ name }) => `_by_${name}`).join('');
      const list = statement(`list_users${by}`, pageByToken(filters, false));
      return [keyOf(filters), { list, count: statement(`count_users${by}`, count(filters)) }] as const;
    }),
);

/**
 * A page of a client's users. With a token, one more row is read than requested, which shows that there is a next page.
 * With sortBy or offset there is no token, so that row is not needed.
 */
export function listStatement(clientExtId: string, query: UsersQuery): Search {
  const { filters, page, order, offset } = query;
  const limited = order !== undefined || isLimited(filters);
  const key = { clientExtId, filters: valuesOf(filters) };
  if (!isByToken(query)) {
    return { ...unprepared(pageByOrder(query), { ...key, limit: page.limit, offset: offset ?? 0 }), limited };
  }
  const values = { ...key, ...pageParameters(page) };
  const prepared = preparedFor(filters)?.list;
  if (prepared === undefined) return { ...unprepared(pageByToken(filters, query.newestFirst), values), limited };
  return { statement: prepared, values: prepared.values(values), limited };
}

/** Whether the pages have tokens (contract 8.3). */
export function isByToken({ order, offset }: UsersQuery): boolean {
  return order === undefined && offset === undefined;
}

export function countStatement(clientExtId: string, { filters }: UsersQuery): Search {
  const values = { clientExtId, filters: valuesOf(filters) };
  const prepared = preparedFor(filters)?.count;
  if (prepared === undefined) return { ...unprepared(count(filters), values), limited: true };
  return { statement: prepared, values: prepared.values(values), limited: true };
}

function preparedFor(filters: Filters) {
  return isLimited(filters) ? undefined : PREPARED.get(keyOf(filters));
}

function pageByToken(filters: Filters, newestFirst: boolean) {
  const rows = newestFirst ? before('u') : behind('u');
  return pageOfRows(sql`${LISTED} where ${conditions(filters)} and ${rows}`);
}

function pageByOrder({ filters, order, offset, newestFirst }: UsersQuery) {
  const skipped = offset === undefined ? sql`` : sql` offset ${OFFSET}`;
  return pageOfRows(
    sql`${LISTED} where ${conditions(filters)} order by ${orderBy(order, newestFirst)} limit ${LIMIT}${skipped}`,
  );
}

function count(filters: Filters) {
  return sql`select count(*)::integer as total from users u where ${conditions(filters)}`;
}

function conditions(filters: Filters) {
  const each = filters.map(({ name, by }) => sql` and ${by.condition(name)}`);
  return sql`${USERS.matches('u', ['clientExtId'])}${grouped('filters', joined(each, ''))}`;
}

/**
 * Rows with equal values keep the order of the pages. All columns are descending together, so that an index can be read
 * backwards.
 */
function orderBy(order: UserOrder | undefined, newestFirst: boolean): Sql {
  if (order === undefined) return returns(newestFirst ? 'u.created desc, u.ext_id desc' : 'u.created, u.ext_id');
  const columns = order.member.unique ? [order.member.order] : [order.member.order, 'u.created', 'u.ext_id'];
  return returns(columns.map((column) => (order.descending ? `${column} desc` : column)).join(', '));
}

function isLimited(filters: Filters): boolean {
  return filters.some(({ by }) => !by.indexed);
}

function keyOf(filters: Filters): string {
  return filters.map(({ name }) => name).join(' ');
}

function valuesOf(filters: readonly UserFilter[]): SearchValues {
  return Object.fromEntries(filters.map(({ name, value }) => [name, value]));
}
