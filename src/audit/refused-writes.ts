import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { type RefusedRequest, RefusalRecorder } from '../http/refusal-recorder.js';
import { appendEvent } from './append-event.js';
import { RefusalLimit } from './refusal-limit.js';
import { refusedWrite } from './refused-write.rules.js';

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
    await appendEvent(this.database, refused, write.clientExtId, write.event);
  }
}
