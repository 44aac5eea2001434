import { Injectable } from '@nestjs/common';

import { auditEvent } from '../audit/change-with-audit-event.js';
import { removalBy } from '../audit/remove-with-audit-events.js';
import type { Caller } from '../common/actor.js';
import { isLockTimeout } from '../database/database-error.js';
import type { StatementRunner, Transactions } from '../database/database.js';
import { LOCK_POLICIES_OF_CLIENT } from '../database/fair-lock.js';
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
import type { ClientRow } from './client.table.js';

/** Of one batch that has waited for a row in vain, and has been run again for it already. */
const ATTEMPTS = 4;

/**
 * Removes what is inside a deleted client, in short transactions; it may be broken off, and begun again, anywhere. The
 * client's own event is the last.
 */
@Injectable()
export class ClientContents {
  async remove(database: Transactions, caller: Caller, client: Pick<ClientRow, 'extId' | 'generation'>): Promise<void> {
    const clientExtId = client.extId;
    await repeat(database, clientExtId, async (runner) => await removeSomeUsers(runner, caller, clientExtId));
    // Nothing refers to the policies any more.
    for (const removal of [REMOVE_POLICIES, REMOVE_KEY_STORES]) {
      await repeat(database, clientExtId, async (runner) => {
        await LOCK_POLICIES_OF_CLIENT.all(runner, { clientExtId });
        const rows = await removal.first(runner, { clientExtId, removal: removalBy(caller) });
        return isLast(rows);
      });
    }
    const event = auditEvent(caller, { action: 'deleted', kind: 'client', ...client });
    const finished = { clientExtId, now: caller.now, event };
    await database.transaction(clientExtId, async (runner) => await FINISH_DELETION.first(runner, finished));
  }
}

/** True once there are none. */
async function removeSomeUsers(runner: StatementRunner, caller: Caller, clientExtId: string): Promise<boolean> {
  const users = await READ_USERS_TO_REMOVE.all(runner, { clientExtId });
  if (users.length === 0) return true;
  const userExtIds = users.map(({ extId }) => extId);
  for (const userExtId of userExtIds) await LOCK_USER_TO_REMOVE.all(runner, { clientExtId, userExtId });
  const parameters = { clientExtId, userExtIds, removal: removalBy(caller) };
  if (isLast(await REMOVE_CREDENTIALS.first(runner, parameters))) await REMOVE_USERS.first(runner, parameters);
  return false;
}

function isLast(batch: { readonly removed: number } | undefined): boolean {
  return (batch?.removed ?? 0) < REMOVED_AT_ONCE;
}

/** Runs transactions until one says that it was the last. */
async function repeat(
  database: Transactions,
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
