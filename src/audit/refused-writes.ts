import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { sql } from '../database/sql.js';
import { NOW } from '../database/versioned.js';
import { type RefusedRequest, RefusalRecorder } from '../http/refusal-recorder.js';
import { AUDIT_EVENTS } from './audit-event.table.js';
import { auditEvent, changeWithAuditEvent } from './change-with-audit-event.js';
import { RefusalLimit } from './refusal-limit.js';
import { refusedWrite } from './refused-write.rules.js';

/** Changes nothing, and so makes no version. Only where there is such a client: a deleted one gets no more events. */
const APPEND_EVENT = changeWithAuditEvent('append_event', {
  write: sql`select null::integer as version, ${NOW} as at
    where exists (select 1 from clients where ext_id = ${AUDIT_EVENTS.parameters.clientExtId} and deleted_at is null)`,
});

/** Writes into the audit log what callers were refused (contract 10.1). */
@Injectable()
export class RefusedWrites extends RefusalRecorder {
  private readonly limit = new RefusalLimit();

  constructor(private readonly database: Database) {
    super();
  }

  override async record(refused: RefusedRequest): Promise<void> {
    const write = refusedWrite(refused);
    if (write === undefined || !this.limit.admits(refused.actor, refused.now)) return;
    const { clientExtId, event } = write;
    await APPEND_EVENT.all(this.database, { clientExtId, now: refused.now, event: auditEvent(refused, event) });
  }
}
