import type { PageRequest } from '../common/page.js';
import { identifier, instant, integer, nullable, uuid } from '../database/column.js';
import { pageOfRows } from '../database/page-rows.js';
import type { Search } from '../database/searches.js';
import { parameter, returns, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { AUDIT_EVENTS } from './audit-event.table.js';
import { SHOWN_EVENT } from './shown-event.js';

/** In the order of preference: the first that is sent chooses the index, the others filter what it finds. */
const INDEXED = ['extId', 'userExtId', 'actor'] as const;
type Indexed = (typeof INDEXED)[number] | 'time';

export const ORDERS = ['asc', 'desc'] as const;
export type Order = (typeof ORDERS)[number];

export interface AuditLogQuery {
  readonly page: PageRequest;
  readonly order: Order;
  readonly actor: string | undefined;
  readonly action: string | undefined;
  readonly kind: string | undefined;
  readonly userExtId: string | undefined;
  readonly extId: string | undefined;
  /** Events at this instant or later. */
  readonly from: Date | undefined;
  /** Events before this instant. */
  readonly to: Date | undefined;
}

const { clientExtId: CLIENT } = AUDIT_EVENTS.parameters;
const FROM = parameter('from', nullable(instant()));
const TO = parameter('to', nullable(instant()));
const ACTOR = parameter('actor', nullable(identifier()));
const ACTION = parameter('action', nullable(identifier()));
const KIND = parameter('kind', nullable(identifier()));
const USER = parameter('userExtId', nullable(identifier()));
const RESOURCE = parameter('extId', nullable(identifier()));
const AFTER_AT = parameter('afterAt', nullable(instant()));
const AFTER_ID = parameter('afterId', nullable(uuid()));

/** A filter that was not sent is null, which matches everything. */
const SELECTED = sql`from audit_log t where t.client_ext_id = ${CLIENT}
      and t.at >= coalesce(${FROM}, '-infinity') and t.at < coalesce(${TO}, 'infinity')
      and (${ACTION} is null or t.action = ${ACTION}) and (${KIND} is null or t.kind = ${KIND})
      and (${ACTOR} is null or t.actor = ${ACTOR}) and (${USER} is null or t.user_ext_id = ${USER})
      and (${RESOURCE} is null or t.ext_id = ${RESOURCE})`;

/** An index cannot use with a parameter that may be null. */
const BY = {
  time: sql``,
  extId: sql` and t.ext_id = ${RESOURCE}`,
  userExtId: sql` and t.user_ext_id = ${USER}`,
  actor: sql` and t.actor = ${ACTOR}`,
} satisfies Record<Indexed, unknown>;

const LIMIT = sql`limit ${parameter('limit', integer())}`;
const BEHIND = {
  asc: sql` and (t.at, t.id) > (coalesce(${AFTER_AT}, '-infinity'), coalesce(${AFTER_ID}, '00000000-0000-0000-0000-000000000000'))
    order by t.at, t.id ${LIMIT}`,
  desc: sql` and (t.at, t.id) < (coalesce(${AFTER_AT}, 'infinity'), coalesce(${AFTER_ID}, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
    order by t.at desc, t.id desc ${LIMIT}`,
} satisfies Record<Order, unknown>;

const LISTS = { asc: byIndex((by) => listBy(by, 'asc')), desc: byIndex((by) => listBy(by, 'desc')) };
const COUNTS = byIndex((by) =>
  statement(
    `count_audit_events_by_${by}`,
    sql`select ${returns<{ readonly total: number }>('count(*)::integer as total')} ${SELECTED}${BY[by]}`,
  ),
);

function listBy(by: Indexed, order: Order) {
  const rows = sql`select ${SHOWN_EVENT} ${SELECTED}${BY[by]}${BEHIND[order]}`;
  return statement(`list_audit_events_by_${by}_${order}`, pageOfRows(rows));
}

function byIndex<Made>(make: (by: Indexed) => Made): Readonly<Record<Indexed, Made>> {
  return { time: make('time'), extId: make('extId'), userExtId: make('userExtId'), actor: make('actor') };
}

/**
 * Behind which position the page begins: there PostgreSQL begins to read the index. `from` and `to` themselves only filter
 * what it reads.
 */
function startOf({ page: { after }, order, from, to }: AuditLogQuery) {
  const bound = order === 'asc' ? from : to;
  if (after === undefined) return { afterAt: bound ?? null, afterId: null };
  const { created, extId } = after;
  const isOutside = bound !== undefined && (order === 'asc' ? created < bound.getTime() : created > bound.getTime());
  return isOutside ? { afterAt: bound, afterId: null } : { afterAt: new Date(created), afterId: extId };
}

/** What no index serves alone has a budget of time. */
export function listEvents(clientExtId: string, query: AuditLogQuery): Search {
  const by = indexedOf(query);
  const list = LISTS[query.order][by];
  const values = list.values({
    ...filtersOf(clientExtId, query),
    ...startOf(query),
    limit: query.page.limit + 1,
  });
  const others = (['action', 'kind', ...INDEXED] as const).filter((name) => name !== by);
  return { statement: list, values, limited: others.some((name) => query[name] !== undefined) };
}

export function countEvents(clientExtId: string, query: AuditLogQuery): Search {
  const count = COUNTS[indexedOf(query)];
  return { statement: count, values: count.values(filtersOf(clientExtId, query)), limited: true };
}

function indexedOf(query: AuditLogQuery): Indexed {
  return INDEXED.find((name) => query[name] !== undefined) ?? 'time';
}

function filtersOf(clientExtId: string, query: AuditLogQuery) {
  const { from = null, to = null, actor = null, action = null, kind = null, userExtId = null, extId = null } = query;
  return { clientExtId, from, to, actor, action, kind, userExtId, extId };
}
