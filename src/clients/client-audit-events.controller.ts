import { Controller, Get, Param, Req } from '@nestjs/common';
import type { Request } from 'express';

import { AuditEventResource } from '../audit/event-resource.js';
import { Access, CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import type { Page } from '../common/page.js';
import { AnswersPage, Refuses, Summary } from '../http/openapi/operation.decorators.js';
import { ApiTags } from '../http/openapi/swagger.js';
import { ApiAuditLogQuery, readAuditLogQuery } from './audit-log-query.js';
import { ClientAuditLogService } from './client-audit-log.service.js';
import type { ClientPath } from './client.table.js';

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
