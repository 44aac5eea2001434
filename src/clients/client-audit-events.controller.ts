import { applyDecorators, Controller, Get, Param, Req } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';

import { AUDIT_ACTIONS, AUDIT_KINDS } from '../audit/audit-event.model.js';
import { ORDERS, readAuditLogQuery } from '../audit/audit-log.queries.js';
import { AuditEventResource } from '../audit/event-resource.js';
import { Access } from '../auth/access.decorator.js';
import { CurrentCaller } from '../auth/caller.decorator.js';
import type { Caller } from '../common/actor.js';
import { AnswersPage } from '../http/openapi/answers.decorator.js';
import { ApiPageQuery } from '../http/openapi/page-query.decorator.js';
import { Refuses } from '../http/openapi/refuses.decorator.js';
import { Summary } from '../http/openapi/summary.decorator.js';
import type { Page } from '../http/page.js';
import { ClientAuditLogService } from './client-audit-log.service.js';
import type { ClientPath } from './client-path.js';

const INSTANT = { type: 'string', format: 'date-time' } as const;

/** Documents what `readAuditLogQuery` reads. */
function ApiAuditLogQuery(): MethodDecorator {
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

/** Contract 10.2: the audit events of a client, by time. */
@ApiTags('audit log')
@Controller('nevisidm/api/core/v1/:clientExtId/audit-events')
export class ClientAuditEventsController {
  constructor(private readonly auditLog: ClientAuditLogService) {}

  @Summary(
    'List the audit events of a client',
    'Changes, deletions, logins and refused writes by time; Also for a deleted client.',
    'Refusals refusal because of the data room, 412 and 428 are not events.',
    '`extId`, `userExtId` and `actor` have indexes. Other filters go through time: a search that takes longer than two seconds is refused.',
  )
  @Access('HistoryView')
  @AnswersPage(AuditEventResource)
  @ApiAuditLogQuery()
  @Refuses('errors.tooManySearchResults')
  @Get()
  async listAuditEvents(
    @CurrentCaller() caller: Caller,
    @Param() { clientExtId }: ClientPath,
    @Req() request: Request,
  ): Promise<Page<AuditEventResource>> {
    return await this.auditLog.list(caller, clientExtId, readAuditLogQuery(request));
  }
}
