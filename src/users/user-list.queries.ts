import { integer } from '../database/column.js';
import { octetsOf, pageOfRows } from '../database/page-rows.js';
import { behind, pageParameters } from '../database/paging.js';
import type { Search } from '../database/searches.js';
import { grouped, joined, parameter, returns, type Sql, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { unprepared } from '../database/unprepared.js';
import { SEARCH_MEMBERS, type SearchValues } from './user-search-members.js';
import { USER_COLUMNS, USERS } from './user.table.js';
import type { UserFilter, UserOrder, UsersQuery } from './users-query.js';

export const FIND_CLIENT = statement(
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

type Filters = readonly Pick<UserFilter, 'name' | 'member'>[];

const LISTED = sql`select ${USERS.select('u', USER_COLUMNS)}, ${OCTETS} from users u`;
const LIMIT = parameter('limit', integer());
const OFFSET = parameter('offset', integer());

/** The prepared statements of frequent lists, by the names of their filters. */
const PREPARED = new Map(
  [[], ...[...SEARCH_MEMBERS].map(([name, member]) => [{ name, member }])]
    .filter((filters) => !isLimited(filters))
    .map((filters) => {
      const by = filters.map(({ name }) => `_by_${name}`).join('');
      const list = statement(`list_users${by}`, pageByToken(filters));
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
  const prepared = PREPARED.get(keyOf(filters))?.list;
  if (prepared === undefined) return { ...unprepared(pageByToken(filters), values), limited };
  return { statement: prepared, values: prepared.values(values), limited };
}

/** Whether the pages have tokens (contract 8.3). */
export function isByToken({ order, offset }: UsersQuery): boolean {
  return order === undefined && offset === undefined;
}

export function countStatement(clientExtId: string, { filters }: UsersQuery): Search {
  const values = { clientExtId, filters: valuesOf(filters) };
  const prepared = PREPARED.get(keyOf(filters))?.count;
  if (prepared === undefined) return { ...unprepared(count(filters), values), limited: true };
  return { statement: prepared, values: prepared.values(values), limited: true };
}

function pageByToken(filters: Filters) {
  return pageOfRows(sql`${LISTED} where ${conditions(filters)} and ${behind('u')}`);
}

function pageByOrder({ filters, order, offset }: UsersQuery) {
  const skipped = offset === undefined ? sql`` : sql` offset ${OFFSET}`;
  return pageOfRows(sql`${LISTED} where ${conditions(filters)} order by ${orderBy(order)} limit ${LIMIT}${skipped}`);
}

function count(filters: Filters) {
  return sql`select count(*)::integer as total from users u where ${conditions(filters)}`;
}

function conditions(filters: Filters) {
  const each = filters.map(({ name, member }) => sql` and ${member.equals(name)}`);
  return sql`${USERS.matches('u', ['clientExtId'])}${grouped('filters', joined(each, ''))}`;
}

/**
 * Rows with equal values keep the order of the pages. All columns are descending together, so that an index can be read
 * backwards.
 */
function orderBy(order: UserOrder | undefined): Sql {
  if (order === undefined) return returns('u.created, u.ext_id');
  const columns = order.member.unique ? [order.member.order] : [order.member.order, 'u.created', 'u.ext_id'];
  return returns(columns.map((column) => (order.descending ? `${column} desc` : column)).join(', '));
}

function isLimited(filters: Filters): boolean {
  return filters.some(({ member }) => !member.indexed);
}

function keyOf(filters: Filters): string {
  return filters.map(({ name }) => name).join(' ');
}

function valuesOf(filters: readonly UserFilter[]): SearchValues {
  return Object.fromEntries(filters.map(({ name, value }) => [name, value]));
}
