import { Injectable } from '@nestjs/common';

import { auditEvent } from '../audit/change-with-audit-event.js';
import { type Changes } from '../audit/changes.rules.js';
import { removalBy } from '../audit/remove-with-audit-events.js';
import type { Caller } from '../common/actor.js';
import { isLockTimeout } from '../database/database-error.js';
import type { StatementRunner, Transactions } from '../database/database.js';
import { LOCK_POLICIES_OF_CLIENT } from '../database/fair-lock.js';
import {
  FINISH_DELETION,
  LOCK_USER_TO_REMOVE,
  NOTE_REMOVED,
  READ_REMOVED,
  READ_USERS_TO_REMOVE,
  REMOVE_CREDENTIALS,
  REMOVE_JOBS,
  REMOVE_KEY_STORES,
  REMOVE_LOGIN_REFUSALS,
  REMOVE_POLICIES,
  REMOVE_REVOCATION_ANSWERS,
  REMOVE_REVOCATION_CHANGES,
  REMOVE_ROWS_OF_JOBS,
  REMOVE_TRUST_SETS,
  REMOVE_USERS,
  STOP_JOBS,
  BATCH_SIZE,
} from './client-deletion.queries.js';
import type { ClientRow, RemovedCounts } from './client.table.js';

/** Attempts for one batch that could not get a row lock in time. */
const ATTEMPTS = 4;

/** The members under which the client's event counts what was removed. */
const MEMBERS = {
  user: 'users',
  certificate: 'certificates',
  password: 'passwords',
  policy: 'policies',
  keyStore: 'keyStores',
  trustAnchorSet: 'trustAnchorSets',
} as const;

/** A client that is being deleted. `each`: every removed resource gets an audit event of its own. */
interface DeletedClient extends Pick<ClientRow, 'extId' | 'generation'> {
  readonly each: boolean;
}

/**
 * Removes everything inside a deleted client in short transactions. It can be interrupted at any point and started
 * again. The audit event of the client comes last, and counts what had none of its own.
 */
@Injectable()
export class ClientContents {
  async remove(database: Transactions, caller: Caller, client: DeletedClient): Promise<void> {
    const clientExtId = client.extId;
    const { each } = client;
    await database.transaction(clientExtId, async (runner) => {
      return await STOP_JOBS.all(runner, { clientExtId, now: caller.now });
    });
    await repeat(database, clientExtId, async (runner) => await removeSomeUsers(runner, caller, clientExtId, each));
    // Nothing refers to the policies any more.
    for (const removal of [REMOVE_POLICIES, REMOVE_TRUST_SETS, REMOVE_KEY_STORES]) {
      await repeat(database, clientExtId, async (runner) => {
        await LOCK_POLICIES_OF_CLIENT.all(runner, { clientExtId });
        if (each) return isLast(await removal.each.first(runner, { clientExtId, removal: removalBy(caller) }));
        return isLast(await note(runner, clientExtId, await removal.counted.all(runner, { clientExtId })));
      });
    }
    for (const removal of [REMOVE_REVOCATION_ANSWERS, REMOVE_LOGIN_REFUSALS, REMOVE_ROWS_OF_JOBS]) {
      await repeat(database, clientExtId, async (runner) => isLast(await removal.first(runner, { clientExtId })));
    }
    await database.transaction(clientExtId, async (runner) => {
      await REMOVE_REVOCATION_CHANGES.all(runner, { clientExtId });
      await REMOVE_JOBS.all(runner, { clientExtId });
      const counts = (await READ_REMOVED.first(runner, { clientExtId }))?.removed ?? {};
      const { extId, generation } = client;
      const changes = each ? undefined : changesOf(counts);
      const event = auditEvent(caller, { action: 'deleted', kind: 'client', extId, generation, changes });
      await FINISH_DELETION.first(runner, { clientExtId, now: caller.now, event });
    });
  }
}

/** Returns true once there are no more. */
async function removeSomeUsers(
  runner: StatementRunner,
  caller: Caller,
  clientExtId: string,
  each: boolean,
): Promise<boolean> {
  const users = await READ_USERS_TO_REMOVE.all(runner, { clientExtId });
  if (users.length === 0) return true;
  const userExtIds = users.map(({ extId }) => extId);
  for (const userExtId of userExtIds) await LOCK_USER_TO_REMOVE.all(runner, { clientExtId, userExtId });
  if (each) {
    const parameters = { clientExtId, userExtIds, removal: removalBy(caller) };
    if (isLast(await REMOVE_CREDENTIALS.each.first(runner, parameters))) {
      await REMOVE_USERS.each.first(runner, parameters);
    }
    return false;
  }
  const parameters = { clientExtId, userExtIds };
  const credentials = await REMOVE_CREDENTIALS.counted.all(runner, parameters);
  const isLastBatch = isLast(sum(credentials));
  const gone = isLastBatch ? await REMOVE_USERS.counted.all(runner, parameters) : [];
  await note(runner, clientExtId, [...credentials, ...gone]);
  return false;
}

type Counted = readonly { readonly kind: keyof RemovedCounts; readonly removed: number }[];

/** Adds to what the deletion has removed so far; answers how many these were. */
async function note(runner: StatementRunner, clientExtId: string, counted: Counted) {
  if (counted.length > 0) {
    const before = (await READ_REMOVED.first(runner, { clientExtId }))?.removed ?? {};
    const added = counted.map(({ kind, removed }) => [kind, (before[kind] ?? 0) + removed] as const);
    await NOTE_REMOVED.all(runner, { clientExtId, removed: { ...before, ...Object.fromEntries(added) } });
  }
  return sum(counted);
}

function sum(counted: Counted) {
  return { removed: counted.reduce((total, { removed }) => total + removed, 0) };
}

function changesOf(counts: RemovedCounts): Changes {
  const members = Object.entries(counts) as [keyof typeof MEMBERS, number][];
  return Object.fromEntries(members.map(([kind, count]) => [MEMBERS[kind], { from: count, to: 0 }]));
}

function isLast(batch: { readonly removed: number } | undefined): boolean {
  return (batch?.removed ?? 0) < BATCH_SIZE;
}

/** Runs transactions until one returns true. */
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
