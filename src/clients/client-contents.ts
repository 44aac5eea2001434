import { Injectable } from '@nestjs/common';

import { removalValues } from '../audit/remove-with-trail.js';
import { trailValues } from '../audit/trail-event.js';
import type { Caller } from '../common/actor.js';
import { isLockTimeout } from '../database/database-error.js';
import type { Database, Statement, StatementRunner } from '../database/database.js';
import { CLOSE_TURNSTILE } from '../database/turnstile.js';
import {
  FINISH_DELETION,
  LOCK_USER_TO_REMOVE,
  READ_USERS_TO_REMOVE,
  REMOVE_CREDENTIALS,
  REMOVE_KEY_STORES,
  REMOVE_POLICIES,
  REMOVE_USERS,
  REMOVED_AT_ONCE,
} from './client-deletion.queries.js';
import type { ClientRow } from './client-row.js';

/** Of one batch that has waited for a row in vain, and has been run again for it already. */
const ATTEMPTS = 4;

type Removed = { readonly removed: number };

/**
 * Removes what is inside a deleted client, in short transactions; it may be broken off, and begun again, anywhere. The
 * client's own event is the last.
 */
@Injectable()
export class ClientContents {
  async remove(database: Database, caller: Caller, client: Pick<ClientRow, 'extId' | 'incarnation'>): Promise<void> {
    const clientExtId = client.extId;
    await repeat(database, clientExtId, async (runner) => await removeSomeUsers(runner, caller, clientExtId));
    // Nothing refers to the policies any more.
    for (const removal of [REMOVE_POLICIES, REMOVE_KEY_STORES]) {
      await repeat(database, clientExtId, async (runner) => {
        await runner.run(CLOSE_TURNSTILE, [clientExtId]);
        return (await count(runner, removal, [clientExtId, ...removalValues(caller)])) < REMOVED_AT_ONCE;
      });
    }
    const event = trailValues(caller, { action: 'deleted', kind: 'client', ...client });
    await database.run(FINISH_DELETION, [clientExtId, caller.now, ...event]);
  }
}

/** True once there are none. */
async function removeSomeUsers(runner: StatementRunner, caller: Caller, clientExtId: string): Promise<boolean> {
  const users = (await runner.run<{ extId: string }>(READ_USERS_TO_REMOVE, [clientExtId])).map(({ extId }) => extId);
  if (users.length === 0) return true;
  for (const user of users) await runner.run(LOCK_USER_TO_REMOVE, [clientExtId, user]);
  const values = [clientExtId, users, ...removalValues(caller)];
  if ((await count(runner, REMOVE_CREDENTIALS, values)) < REMOVED_AT_ONCE) await runner.run(REMOVE_USERS, values);
  return false;
}

async function count(runner: StatementRunner, removal: Statement, values: readonly unknown[]): Promise<number> {
  const [row] = await runner.run<Removed>(removal, values);
  return row?.removed ?? 0;
}

/** Runs transactions until one says that it was the last. */
async function repeat(
  database: Database,
  clientExtId: string,
  step: (runner: StatementRunner) => Promise<boolean>,
): Promise<void> {
  for (let attempt = 1; ;) {
    try {
      if (await database.transaction(clientExtId, step)) return;
      attempt = 1;
    } catch (error) {
      if (attempt >= ATTEMPTS || !isLockTimeout(error)) throw error;
      attempt += 1;
    }
  }
}
