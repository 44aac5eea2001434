import { Injectable } from '@nestjs/common';

import { identifier } from '../database/column.js';
import { Database } from '../database/database.js';
import { parameter, returns, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { type RefusedRequest, RefusalRecorder } from '../http/refusal-recorder.js';
import { appendEvent } from './append-event.js';
import type { AuditEvent } from './audit-event.model.js';
import { RefusalLimit } from './refusal-limit.js';
import { refusedWrite, type RefusedWrite } from './refused-write.rules.js';

const FIND_PASSWORD = statement(
  'find_password_of_refusal',
  sql`select ${returns<{ readonly extId: string }>('ext_id as "extId"')} from credentials
    where client_ext_id = ${parameter('clientExtId', identifier())}
      and user_ext_id = ${parameter('userExtId', identifier())} and type = 'Password'`,
);

/** Writes into the trail what callers were refused to do (contract 10.1). */
@Injectable()
export class RefusedWrites extends RefusalRecorder {
  private readonly limit = new RefusalLimit();

  constructor(private readonly database: Database) {
    super();
  }

  override async record(refused: RefusedRequest): Promise<void> {
    const write = refusedWrite(refused);
    if (write === undefined || !this.limit.admits(refused.actor, refused.now)) return;
    await appendEvent(this.database, refused, write.clientExtId, await this.eventOf(write));
  }

  /** A password that is not there, such as one that was to be made, has no id: its event stays at the user. */
  private async eventOf({ clientExtId, event, passwordOf }: RefusedWrite): Promise<AuditEvent> {
    if (passwordOf === undefined) return event;
    const password = await FIND_PASSWORD.first(this.database, { clientExtId, userExtId: passwordOf });
    return password === undefined ? event : { ...event, kind: 'password', extId: password.extId };
  }
}
