import { Injectable } from '@nestjs/common';

import { removalValues } from '../audit/remove-with-trail.js';
import { trailValues } from '../audit/trail-event.js';
import { VersionCheck } from '../audit/version-check.js';
import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { Database } from '../database/database.js';
import { CLOSE_TURNSTILE } from '../database/turnstile.js';
import type { IfMatch } from '../http/precondition.js';
import {
  BURY_CLIENT,
  LOCK_POLICIES,
  LOCK_USERS,
  REMOVE_CREDENTIALS,
  REMOVE_KEY_STORES,
  REMOVE_POLICIES,
  REMOVE_USERS,
} from './client-deletion.queries.js';
import type { ClientRow } from './client-row.js';
import { READ_CLIENT_TO_DELETE } from './client.queries.js';

/** A client with hundreds of thousands of users takes longer than a request may. */
const STATEMENT_TIMEOUT_MS = 10 * 60_000;

/** C5: everything inside the client goes with it, in one transaction; the trail stays. */
@Injectable()
export class ClientDeletionService {
  constructor(
    private readonly database: Database,
    private readonly versions: VersionCheck,
  ) {}

  async remove(caller: Caller, clientExtId: string, ifMatch: IfMatch | undefined): Promise<void> {
    await this.database.transaction(async (runner) => {
      const [row] = await runner.run<ClientRow>(READ_CLIENT_TO_DELETE, [clientExtId]);
      if (row === undefined) throw noRecord();
      await this.versions.check(caller, clientExtId, row, { ifMatch, version: undefined }, runner);
      await runner.run(LOCK_USERS, [clientExtId]);
      await runner.run(CLOSE_TURNSTILE, [clientExtId]);
      await runner.run(LOCK_POLICIES, [clientExtId]);
      for (const removal of [REMOVE_CREDENTIALS, REMOVE_USERS, REMOVE_POLICIES, REMOVE_KEY_STORES]) {
        await runner.run(removal, [clientExtId, ...removalValues(caller)]);
      }
      const { incarnation } = row;
      const event = trailValues(caller, { action: 'deleted', kind: 'client', extId: clientExtId, incarnation });
      await runner.run(BURY_CLIENT, [clientExtId, caller.now, ...event]);
    }, STATEMENT_TIMEOUT_MS);
  }
}
