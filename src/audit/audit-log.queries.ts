import type { Request } from 'express';

import { appError } from '../common/errors.js';
import { isExternalId } from '../common/external-id.js';
import { identifier, instant, integer, nullable, uuid } from '../database/column.js';
import { pageOfRows } from '../database/page-rows.js';
import type { Search } from '../database/searches.js';
import { parameter, returns, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { parseInstant } from '../http/instant.js';
import { PAGE_PARAMETERS, type PageRequest, readPageRequest } from '../http/page.js';
import { invalidParameter, readQuery } from '../http/query.js';
import { AUDIT_ACTIONS } from './audit-event.model.js';
import { AUDIT_EVENTS } from './audit-event.table.js';
import { SHOWN_EVENT } from './shown-event.js';

/** Contract 10.2: the filters of the audit log. */
const FILTERS = ['actor', 'action', 'userExtId', 'extId', 'from', 'to'] as const;

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const MIN_UUID = '00000000-0000-0000-0000-000000000000';

export interface AuditLogQuery {
  readonly page: PageRequest;
  readonly actor: string | undefined;
  readonly action: string | undefined;
  readonly userExtId: string | undefined;
  readonly extId: string | undefined;
  /** Events at this instant or later. */
  readonly from: Date | undefined;
  /** Events before this instant. */
  readonly to: Date | undefined;
}

const { clientExtId: CLIENT, userExtId: USER } = AUDIT_EVENTS.parameters;
const FROM = parameter('from', nullable(instant()));
const TO = parameter('to', nullable(instant()));
const ACTOR = parameter('actor', nullable(identifier()));
const ACTION = parameter('action', nullable(identifier()));

/** A filter that was not sent is null, which matches everything. */
const SELECTED = sql`from audit_events t where t.client_ext_id = ${CLIENT}
      and t.at >= coalesce(${FROM}, '-infinity') and t.at < coalesce(${TO}, 'infinity')
      and (${ACTOR} is null or t.actor = ${ACTOR}) and (${ACTION} is null or t.action = ${ACTION})
      and (${USER} is null or t.user_ext_id = ${USER})`;

/** The events of one resource have an index, which PostgreSQL could not use with a parameter that may be null. */
const OF_RESOURCE = sql`${SELECTED} and ${AUDIT_EVENTS.matches('t', ['extId'])}`;

const AFTER_AT = parameter('afterAt', nullable(instant()));
const AFTER_ID = parameter('afterId', uuid());

const PAGE = sql`and (t.at, t.id) > (coalesce(${AFTER_AT}, '-infinity'), ${AFTER_ID})
    order by t.at, t.id limit ${parameter('limit', integer())}`;

const COUNT = sql`select ${returns<{ readonly total: number }>('count(*)::integer as total')}`;

const LIST = statement('list_audit_events', pageOfRows(sql`select ${SHOWN_EVENT} ${SELECTED} ${PAGE}`));
const COUNT_ALL = statement('count_audit_events', sql`${COUNT} ${SELECTED}`);
const LIST_OF_RESOURCE = statement(
  'list_audit_events_of_resource',
  pageOfRows(sql`select ${SHOWN_EVENT} ${OF_RESOURCE} ${PAGE}`),
);
const COUNT_OF_RESOURCE = statement('count_audit_events_of_resource', sql`${COUNT} ${OF_RESOURCE}`);

export function readAuditLogQuery(request: Request): AuditLogQuery {
  const query = readQuery(request, [...PAGE_PARAMETERS, ...FILTERS]);
  const page = readPageRequest(query);
  if (page.after !== undefined && !UUID.test(page.after.extId)) {
    throw appError(invalidParameter('continuationToken', 'continuationToken was not returned by this list.'));
  }
  return {
    page,
    actor: query['actor'],
    action: readAction(query['action']),
    userExtId: readExternalId('userExtId', query['userExtId']),
    extId: readExternalId('extId', query['extId']),
    from: readInstant('from', query['from']),
    to: readInstant('to', query['to']),
  };
}

export function listEvents(clientExtId: string, query: AuditLogQuery): Search {
  const { extId, page, actor, action, userExtId } = query;
  const { after, limit } = page;
  const start = {
    afterAt: after === undefined ? null : new Date(after.created),
    afterId: after?.extId ?? MIN_UUID,
    limit: limit + 1,
  };
  const parameters = { ...filtersOf(clientExtId, query), ...start };
  if (extId !== undefined) {
    return { statement: LIST_OF_RESOURCE, values: LIST_OF_RESOURCE.values({ ...parameters, extId }), limited: false };
  }
  const limited = [actor, action, userExtId].some(Boolean);
  return { statement: LIST, values: LIST.values(parameters), limited };
}

export function countEvents(clientExtId: string, query: AuditLogQuery): Search {
  const { extId } = query;
  const parameters = filtersOf(clientExtId, query);
  if (extId === undefined) return { statement: COUNT_ALL, values: COUNT_ALL.values(parameters), limited: true };
  const values = COUNT_OF_RESOURCE.values({ ...parameters, extId });
  return { statement: COUNT_OF_RESOURCE, values, limited: true };
}

function filtersOf(clientExtId: string, query: AuditLogQuery) {
  const { from = null, to = null, actor = null, action = null, userExtId = null } = query;
  return { clientExtId, from, to, actor, action, userExtId };
}

function readAction(text: string | undefined): string | undefined {
  if (text === undefined || (AUDIT_ACTIONS as readonly string[]).includes(text)) return text;
  throw appError(invalidParameter('action', `action must be one of ${AUDIT_ACTIONS.join(', ')}.`));
}

function readExternalId(name: string, text: string | undefined): string | undefined {
  if (text === undefined || isExternalId(text)) return text;
  throw appError(invalidParameter(name, `${name} must be an external id.`));
}

function readInstant(name: string, text: string | undefined): Date | undefined {
  const parsed = text === undefined ? undefined : parseInstant(text);
  if (text === undefined || parsed !== undefined) return parsed;
  throw appError(invalidParameter(name, `${name} must be a date and time such as 2026-01-31T00:00:00Z.`));
}
