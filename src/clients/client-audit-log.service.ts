import { Injectable } from '@nestjs/common';

import type { AuditLogQuery } from '../audit/audit-log.queries.js';
import { AuditLogService } from '../audit/audit-log.service.js';
import type { AuditEventResource } from '../audit/event-resource.js';
import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import type { Page } from '../common/page.js';
import { Database } from '../database/database.js';
import { sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { CLIENT_EXT_ID } from './client.queries.js';

/** Also finds a deleted client, whose audit log is kept (contract 10.1). */
const FIND_CLIENT_OR_TOMBSTONE = statement(
  'find_client_ever',
  sql`select 1 from clients where ext_id = ${CLIENT_EXT_ID}`,
);

/** The audit log of a client. */
@Injectable()
export class ClientAuditLogService {
  constructor(
    private readonly database: Database,
    private readonly auditLog: AuditLogService,
  ) {}

  async list(caller: Caller, clientExtId: string, query: AuditLogQuery): Promise<Page<AuditEventResource>> {
    const page = await this.auditLog.list(caller, clientExtId, query);
    // A client with events has existed; it is looked up only if there are none.
    if (!page.isEmpty || (await FIND_CLIENT_OR_TOMBSTONE.first(this.database, { clientExtId })) !== undefined)
      return page;
    throw noRecord();
  }
}
