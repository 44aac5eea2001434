import { Injectable } from '@nestjs/common';

import { auditEvent } from '../audit/change-with-audit-event.js';
import { removalBy } from '../audit/remove-with-audit-events.js';
import type { Caller } from '../common/actor.js';
import { isLockTimeout } from '../database/database-error.js';
import type { Database, StatementRunner } from '../database/database.js';
import { LOCK_POLICIES_OF_CLIENT } from '../database/fair-lock.js';
import {
  FINISH_DELETION,
  LOCK_USER_TO_REMOVE,
  READ_USERS_TO_REMOVE,
  REMOVE_CREDENTIALS,
  REMOVE_KEY_STORES,
  REMOVE_POLICIES,
  REMOVE_USERS,
  BATCH_SIZE,
} from './client-deletion.queries.js';
import type { ClientRow } from './client.table.js';

/** Attempts for one batch that could not get a row lock in time. */
const ATTEMPTS = 4;

/**
 * Removes everything inside a deleted client in short transactions. It can be interrupted at any point and started
 * again. The audit event of the client comes last.
 */
@Injectable()
export class ClientContents {
  async remove(database: Database, caller: Caller, client: Pick<ClientRow, 'extId' | 'generation'>): Promise<void> {
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
    await FINISH_DELETION.first(database, { clientExtId, now: caller.now, event });
  }
}

/** Returns true once there are no more. */
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
  return (batch?.removed ?? 0) < BATCH_SIZE;
}

/** Runs transactions until one returns true. */
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
