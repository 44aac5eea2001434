import { applyDecorators } from '@nestjs/common';
import type { Request } from 'express';

import { AUDIT_ACTIONS, AUDIT_KINDS } from '../audit/audit-event.model.js';
import { type AuditLogQuery, type Order, ORDERS } from '../audit/audit-log.queries.js';
import { appError, invalidParameter } from '../common/errors.js';
import { isExternalId } from '../common/external-id.js';
import { ApiPageQuery } from '../http/openapi/page-query.decorator.js';
import { ApiQuery } from '../http/openapi/swagger.js';
import { PAGE_PARAMETERS, readPageRequest } from '../http/page-request.js';
import { instantParameter, readQuery } from '../http/query.js';

/** Contract 10.2: the filters of the audit log. */
const FILTERS = ['actor', 'action', 'kind', 'userExtId', 'extId', 'from', 'to'] as const;

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

export function readAuditLogQuery(request: Request): AuditLogQuery {
  const query = readQuery(request, [...PAGE_PARAMETERS, ...FILTERS, 'order']);
  const page = readPageRequest(query);
  if (page.after !== undefined && !UUID.test(page.after.extId)) {
    throw appError(invalidParameter('continuationToken', 'continuationToken was not returned by this list.'));
  }
  return {
    page,
    actor: query['actor'],
    order: readOrder(query['order']),
    action: readOneOf('action', AUDIT_ACTIONS, query['action']),
    kind: readOneOf('kind', AUDIT_KINDS, query['kind']),
    userExtId: readExternalId('userExtId', query['userExtId']),
    extId: readExternalId('extId', query['extId']),
    from: instantParameter('from', query['from']),
    to: instantParameter('to', query['to']),
  };
}

function readOrder(text: string | undefined): Order {
  return readOneOf('order', ORDERS, text) ?? 'asc';
}

function readOneOf<Value extends string>(name: string, values: readonly Value[], text: string | undefined) {
  const value = values.find((one) => one === text);
  if (text === undefined || value !== undefined) return value;
  throw appError(invalidParameter(name, `${name} must be one of ${values.join(', ')}.`));
}

function readExternalId(name: string, text: string | undefined): string | undefined {
  if (text === undefined || isExternalId(text)) return text;
  throw appError(invalidParameter(name, `${name} must be an external id.`));
}

const INSTANT = { type: 'string', format: 'date-time' } as const;

/** Documents what `readAuditLogQuery` reads. */
export function ApiAuditLogQuery(): MethodDecorator {
  return applyDecorators(
    ApiPageQuery(),
    ApiQuery({ name: 'actor', required: false, schema: { type: 'string' }, description: 'The `sub` of the caller.' }),
    ApiQuery({ name: 'action', required: false, schema: { type: 'string', enum: [...AUDIT_ACTIONS] } }),
    ApiQuery({
      name: 'kind',
      required: false,
      schema: { type: 'string', enum: [...AUDIT_KINDS] },
    }),
    ApiQuery({
      name: 'userExtId',
      required: false,
      schema: { type: 'string' },
      description: 'The user to whom the resource belongs.',
    }),
    ApiQuery({ name: 'extId', required: false, schema: { type: 'string' }, description: 'The resource.' }),
    ApiQuery({ name: 'from', required: false, schema: INSTANT, description: 'Events at this instant or later.' }),
    ApiQuery({ name: 'to', required: false, schema: INSTANT, description: 'Events before this instant.' }),
    ApiQuery({
      name: 'order',
      required: false,
      schema: { type: 'string', enum: [...ORDERS], default: 'asc' },
      description: 'By time; `desc`: newest first.',
    }),
  );
}
