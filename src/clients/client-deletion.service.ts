import { Injectable } from '@nestjs/common';

import { VersionCheck } from '../audit/version-check.js';
import type { Caller } from '../common/actor.js';
import { AppError, appError, noRecord } from '../common/errors.js';
import { Database } from '../database/database.js';
import type { IfMatch } from '../http/precondition.js';
import { ClientContents } from './client-contents.js';
import { BURY_CLIENT } from './client-deletion.queries.js';
import type { ClientRow, Deletion } from './client-row.js';
import { READ_CLIENT_TO_DELETE } from './client.queries.js';

/**
 * C5. The client goes first: from then on nothing can be made inside it. What is inside follows in short transactions,
 * and where they are broken off, `UnfinishedDeletions` goes on. The audit log stays.
 */
@Injectable()
export class ClientDeletionService {
  constructor(
    private readonly database: Database,
    private readonly versions: VersionCheck,
    private readonly contents: ClientContents,
  ) {}

  async remove(caller: Caller, clientExtId: string, ifMatch: IfMatch | undefined): Promise<void> {
    const row = await this.database.transaction(clientExtId, async (runner) => {
      const [found] = await runner.run<ClientRow>(READ_CLIENT_TO_DELETE, [clientExtId]);
      if (found === undefined) throw noRecord();
      await this.versions.check(caller, clientExtId, found, { ifMatch, version: undefined }, runner);
      await runner.run(BURY_CLIENT, [clientExtId, caller.now, JSON.stringify(deletionOf(caller))]);
      return found;
    });
    try {
      const { extId, incarnation } = row;
      await this.contents.remove(this.database, caller, { extId, incarnation });
    } catch (error) {
      throw error instanceof AppError && error.code === 'errors.unavailable' ? unfinished(error) : error;
    }
  }
}

function deletionOf({ actor, requestId }: Caller): Deletion {
  return { userExtId: actor.userExtId, clientExtId: actor.clientExtId, requestId };
}

function unfinished(cause: AppError): AppError {
  return appError(
    {
      code: 'errors.unavailable',
      message: 'The client is deleted. What was inside it is still being removed; nothing needs to be sent again.',
    },
    { cause, retryAfterSeconds: 30 },
  );
}
