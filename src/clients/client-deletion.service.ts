import { Injectable } from '@nestjs/common';

import { GuardedChanges } from '../audit/guarded-change.js';
import type { Caller } from '../common/actor.js';
import { AppError, appError } from '../common/errors.js';
import type { IfMatch } from '../common/expected-version.js';
import { Database, type StatementRunner } from '../database/database.js';
import { ClientContents } from './client-contents.js';
import { SOFT_DELETE_CLIENT } from './client-deletion.queries.js';
import { READ_CLIENT_TO_DELETE } from './client.queries.js';

/**
 * C5. The client is marked as deleted first, so that nothing can be created inside it. Its contents are removed in
 * short transactions; if they are interrupted, `UnfinishedDeletions` continues. The audit log is kept.
 */
@Injectable()
export class ClientDeletionService {
  constructor(
    private readonly database: Database,
    private readonly changes: GuardedChanges,
    private readonly contents: ClientContents,
  ) {}

  /** `each`: every removed resource gets an audit event of its own. */
  async remove(caller: Caller, clientExtId: string, ifMatch: IfMatch | undefined, each: boolean): Promise<void> {
    const { actor, requestId, address } = caller;
    const deletion = { userExtId: actor.userExtId, clientExtId: actor.clientExtId, requestId, address, each };
    const denied = { kind: 'client', value: null } as const;
    const outcome = await this.changes.apply({
      caller,
      clientExtId,
      expected: { ifMatch, version: undefined },
      lockFirst: 'always',
      locks: {},
      read: async (runner: StatementRunner) => await READ_CLIENT_TO_DELETE.first(runner, { clientExtId }),
      decide: () => ({ kind: 'changed' }),
      write: async (runner) =>
        await SOFT_DELETE_CLIENT.first(runner, { clientExtId, now: caller.now, deletion, denied }),
    });
    if (outcome.kind !== 'written') return;
    try {
      await this.contents.remove(this.database, caller, { ...outcome.result, each });
    } catch (error) {
      throw error instanceof AppError && error.code === 'errors.unavailable' ? unfinished(error) : error;
    }
  }
}

function unfinished(cause: AppError): AppError {
  return appError(
    {
      code: 'errors.unavailable',
      message: 'The client is deleted. Its contents are still being removed; there is no need to repeat the request.',
    },
    { cause, retryAfterSeconds: 30 },
  );
}
