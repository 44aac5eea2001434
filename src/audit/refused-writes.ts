import { Injectable } from '@nestjs/common';

import { type RefusedRequest, RefusalRecorder } from '../common/refusal-recorder.js';
import { identifier } from '../database/column.js';
import { Database } from '../database/database.js';
import { parameter, returns, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { NOW } from '../database/versioned.js';
import type { AuditEvent } from './audit-event.model.js';
import { AUDIT_EVENTS } from './audit-event.table.js';
import { auditedAs } from './audited-as.decorator.js';
import { auditEvent, changeWithAuditEvent } from './change-with-audit-event.js';
import { RefusalLimit } from './refusal-limit.js';
import { refusedWrite, type RefusedWrite } from './refused-write.rules.js';

const FIND_PASSWORD = statement(
  'find_password_of_refusal',
  sql`select ${returns<{ readonly extId: string }>('ext_id as "extId"')} from credentials
    where client_ext_id = ${parameter('clientExtId', identifier())}
      and user_ext_id = ${parameter('userExtId', identifier())} and type = 'Password'`,
);

/**
 * Changes nothing, so it creates no version. Written only if the client exists: a deleted client gets no more events.
 */
const APPEND_EVENT = changeWithAuditEvent('append_event', {
  write: sql`select null::integer as version, ${NOW} as at
    where exists (select 1 from clients where ext_id = ${AUDIT_EVENTS.parameters.clientExtId} and deleted_at is null)`,
});

/** Writes refused requests to the audit log (contract 10.1). */
@Injectable()
export class RefusedWrites extends RefusalRecorder {
  private readonly limit = new RefusalLimit();

  constructor(private readonly database: Database) {
    super();
  }

  override async record(refused: RefusedRequest): Promise<void> {
    const audited = auditedAs(refused.handler) ?? undefined;
    const write = audited === undefined ? undefined : refusedWrite({ ...refused, audited });
    if (write === undefined || !this.limit.admits(refused.actor, refused.now)) return;
    const { clientExtId } = write;
    const event = await this.eventOf(write);
    await APPEND_EVENT.all(this.database, { clientExtId, now: refused.now, event: auditEvent(refused, event) });
  }

  /** A password that does not exist (yet) has no id, so its event belongs to the user. */
  private async eventOf({ clientExtId, event, passwordOf }: RefusedWrite): Promise<AuditEvent> {
    if (passwordOf === undefined) return event;
    const password = await FIND_PASSWORD.first(this.database, { clientExtId, userExtId: passwordOf });
    return password === undefined ? event : { ...event, action: 'refused', kind: 'password', extId: password.extId };
  }
}
