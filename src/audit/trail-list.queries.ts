import type { Request } from 'express';

import { appError } from '../common/errors.js';
import { isExternalId } from '../common/external-id.js';
import type { Statement } from '../database/database.js';
import { withinPageBytes } from '../database/page-rows.js';
import type { Search } from '../database/searches.js';
import { parseInstant } from '../http/instant.js';
import { PAGE_PARAMETERS, type PageRequest, readPageRequest } from '../http/page.js';
import { invalidParameter, readQuery } from '../http/query.js';
import { TRAIL_ACTIONS } from './trail-event.js';
import { TRAIL_EVENT, TRAIL_OCTETS } from './trail-row.js';

/** Contract 10.2: what the trail filters by. */
const FILTERS = ['actor', 'action', 'userExtId', 'extId', 'from', 'to'] as const;

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const LEAST_UUID = '00000000-0000-0000-0000-000000000000';

export interface TrailQuery {
  readonly page: PageRequest;
  readonly actor: string | undefined;
  readonly action: string | undefined;
  readonly userExtId: string | undefined;
  readonly extId: string | undefined;
  /** The first moment of the time that is asked for. */
  readonly from: Date | undefined;
  /** The first moment after it. */
  readonly to: Date | undefined;
}

/** $2 and $3 the time, $4 actor, $5 action, $6 user; a filter that was not sent is null, and null asks for nothing. */
const SELECTED = `from trail t where t.client_ext_id = $1
      and t.at >= coalesce($2::timestamptz, '-infinity') and t.at < coalesce($3::timestamptz, 'infinity')
      and ($4::text is null or t.actor = $4) and ($5::text is null or t.action = $5)
      and ($6::text is null or t.user_ext_id = $6)`;

const PAGE = (start: number): string =>
  `and (t.at, t.id) > (coalesce($${start}::timestamptz, '-infinity'), $${start + 1}::uuid)
    order by t.at, t.id limit $${start + 2}`;

const COUNT = 'select count(*)::integer as total';

/** A resource's own lines have an index of their own, which a parameter that may be null could not use. */
const STATEMENTS = {
  list: { name: 'list_trail', text: withinPageBytes(`select ${TRAIL_EVENT}, ${TRAIL_OCTETS} ${SELECTED} ${PAGE(7)}`) },
  count: { name: 'count_trail', text: `${COUNT} ${SELECTED}` },
  listOfResource: {
    name: 'list_trail_of_resource',
    text: withinPageBytes(`select ${TRAIL_EVENT}, ${TRAIL_OCTETS} ${SELECTED} and t.ext_id = $7 ${PAGE(8)}`),
  },
  countOfResource: { name: 'count_trail_of_resource', text: `${COUNT} ${SELECTED} and t.ext_id = $7` },
} as const satisfies Record<string, Statement>;

export function readTrailQuery(request: Request): TrailQuery {
  const query = readQuery(request, [...PAGE_PARAMETERS, ...FILTERS]);
  const page = readPageRequest(query);
  if (page.after !== undefined && !UUID.test(page.after.extId)) {
    throw appError(invalidParameter('continuationToken', 'continuationToken is not one that a page has given.'));
  }
  return {
    page,
    actor: query['actor'],
    action: readAction(query['action']),
    userExtId: readExternalId('userExtId', query['userExtId']),
    extId: readExternalId('extId', query['extId']),
    from: readMoment('from', query['from']),
    to: readMoment('to', query['to']),
  };
}

export function listTrail(clientExtId: string, query: TrailQuery): Search {
  const { after, limit } = query.page;
  const start = [after === undefined ? null : new Date(after.created), after?.extId ?? LEAST_UUID, limit + 1];
  return {
    statement: query.extId === undefined ? STATEMENTS.list : STATEMENTS.listOfResource,
    values: [...selected(clientExtId, query), ...start],
    limited: query.extId === undefined && [query.actor, query.action, query.userExtId].some(Boolean),
  };
}

export function countTrail(clientExtId: string, query: TrailQuery): Search {
  return {
    statement: query.extId === undefined ? STATEMENTS.count : STATEMENTS.countOfResource,
    values: selected(clientExtId, query),
    limited: true,
  };
}

function selected(clientExtId: string, query: TrailQuery): readonly unknown[] {
  const { from = null, to = null, actor = null, action = null, userExtId = null, extId } = query;
  return [clientExtId, from, to, actor, action, userExtId, ...(extId === undefined ? [] : [extId])];
}

function readAction(text: string | undefined): string | undefined {
  if (text === undefined || (TRAIL_ACTIONS as readonly string[]).includes(text)) return text;
  throw appError(invalidParameter('action', `action must be one of ${TRAIL_ACTIONS.join(', ')}.`));
}

function readExternalId(name: string, text: string | undefined): string | undefined {
  if (text === undefined || isExternalId(text)) return text;
  throw appError(invalidParameter(name, `${name} must be an external id.`));
}

function readMoment(name: string, text: string | undefined): Date | undefined {
  const moment = text === undefined ? undefined : parseInstant(text);
  if (text === undefined || moment !== undefined) return moment;
  throw appError(invalidParameter(name, `${name} must be a moment such as 2026-01-31T00:00:00Z.`));
}
