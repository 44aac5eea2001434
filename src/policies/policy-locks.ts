import { noRecord } from '../common/errors.js';
import type { StatementRunner } from '../database/database.js';
import { LOCK_POLICIES_OF_CLIENT } from '../database/fair-lock.js';
import type { Locks } from '../database/locks.js';
import { LOCK_CLIENT, READ_POLICY, READ_POLICY_TO_CHANGE } from './policy.queries.js';
import type { PolicyPath, PolicyRow } from './policy.table.js';

export function locksOfPolicies(clientExtId: string): Locks {
  return { policiesFairLock: async (runner) => await LOCK_POLICIES_OF_CLIENT.all(runner, { clientExtId }) };
}

/** The locks to take before another policy becomes the default of its type; 404 if there is no such client. */
export function locksToTakeDefault(clientExtId: string): Locks {
  const client = async (runner: StatementRunner): Promise<void> => {
    if ((await LOCK_CLIENT.first(runner, { clientExtId })) === undefined) throw noRecord();
  };
  return { client, ...locksOfPolicies(clientExtId) };
}

export function readPolicyToChange({ clientExtId, extId }: PolicyPath) {
  return async (runner: StatementRunner, locked: boolean): Promise<PolicyRow | undefined> =>
    await (locked ? READ_POLICY_TO_CHANGE : READ_POLICY).first(runner, { clientExtId, extId });
}
