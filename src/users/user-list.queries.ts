import type { Statement } from '../database/database.js';
import { octetsOf, withinPageBytes } from '../database/page-rows.js';
import type { Search } from '../database/searches.js';
import { USER } from './user.queries.js';
import type { UserOrder, UsersQuery } from './users-query.js';

export const FIND_CLIENT: Statement = {
  name: 'find_client_of_users',
  text: 'select 1 from clients where ext_id = $1 and deleted_at is null',
};

const OCTETS = octetsOf('u', {
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
});

/**
 * A page of a client's users. By token it is read with one row more than asked for, which says that there is a next
 * page; by order or offset there is no token, and none is needed.
 */
export function listStatement(clientExtId: string, query: UsersQuery): Search {
  const { page, order, offset } = query;
  const byToken = isByToken(query);
  const { where, values } = selected(clientExtId, query);
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const start = byToken
    ? ` and (u.created, u.ext_id) > (coalesce(${bind(page.after && new Date(page.after.created))}::timestamptz,
        '-infinity'), ${bind(page.after?.extId ?? '')}::text collate "C")`
    : '';
  const limit = bind(byToken ? page.limit + 1 : page.limit);
  const skipped = offset === undefined ? '' : ` offset ${bind(offset)}`;
  const text = withinPageBytes(
    `select ${USER}, ${OCTETS} from users u ${where}${start} order by ${orderBy(order)} limit ${limit}${skipped}`,
  );
  const limited = isLimited(query) || order !== undefined;
  return { statement: { name: nameOf('list_users', query, byToken), text }, values, limited };
}

/** Whether its pages have tokens (contract 8.3). */
export function isByToken({ order, offset }: UsersQuery): boolean {
  return order === undefined && offset === undefined;
}

export function countStatement(clientExtId: string, query: UsersQuery): Search {
  const { where, values } = selected(clientExtId, query);
  const text = `select count(*)::integer as total from users u ${where}`;
  return { statement: { name: nameOf('count_users', query, true), text }, values, limited: true };
}

function selected(clientExtId: string, { filters }: UsersQuery): { where: string; values: unknown[] } {
  const values: unknown[] = [clientExtId];
  const conditions = filters.map(({ member, value }) => member.equals(`$${values.push(value)}`));
  return { where: `where ${['u.client_ext_id = $1', ...conditions].join(' and ')}`, values };
}

/** What orders alike is ordered by the page; backwards as a whole, so that an index can be read backwards. */
function orderBy(order: UserOrder | undefined): string {
  if (order === undefined) return 'u.created, u.ext_id';
  const columns = order.member.unique ? [order.member.order] : [order.member.order, 'u.created', 'u.ext_id'];
  return columns.map((column) => (order.descending ? `${column} desc` : column)).join(', ');
}

function isLimited({ filters }: UsersQuery): boolean {
  return filters.some(({ member }) => !member.indexed);
}

/** Prepared are the few that are asked for all the time; a statement without a name is planned each time. */
function nameOf(name: string, { filters }: UsersQuery, byToken: boolean): string {
  if (!byToken || filters.length > 1 || filters.some(({ member }) => !member.indexed)) return '';
  return filters.length === 0 ? name : `${name}_by_${filters[0]?.name}`;
}
