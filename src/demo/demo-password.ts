import { randomUUID } from 'node:crypto';

import type { Caller } from '../common/actor.js';
import { generatedSecret } from '../config/generated-secrets.js';
import type { CredentialRow } from '../credentials/credential.table.js';
import type { StatementRunner } from '../database/database.js';
import { initialPasswordColumns, checkNewPassword } from '../passwords/password-creation.rules.js';
import { newSecret, storeNewPassword } from '../passwords/password-store.js';
import { READ_OWNER_AND_PASSWORD_POLICY } from '../passwords/password.queries.js';
import { readPasswordPolicy } from '../policies/password-policy.rules.js';
import { CLIENT, PASSWORD, USER } from './demo-data.js';

/** A password and what is stored of it. */
export interface HashedPassword {
  readonly password: string;
  readonly hash: string;
}

/** Stored with the secrets, because the database contains only its hash, and every start prints it. */
export function demoPassword(dataDirectory: string): string {
  return generatedSecret(dataDirectory, 'demo-password').toString('utf8').slice(0, 20);
}

/** Gives the demo's user a password as W1 would: evaluated by its policy, with its audit event. */
export async function createPassword(
  runner: StatementRunner,
  caller: Caller,
  { password, hash }: HashedPassword,
): Promise<void> {
  const path = { clientExtId: CLIENT.extId, userExtId: USER.extId };
  const parameters = { ...path, chosenPolicyExtId: PASSWORD.policyExtId };
  const evaluated = await READ_OWNER_AND_PASSWORD_POLICY.first(runner, parameters);
  if (evaluated === undefined || evaluated.policyExtId === null)
    throw new Error("The demo's user or the policy of the password is missing.");
  const { policy } = readPasswordPolicy(JSON.parse(evaluated.policyParameters) as Record<string, string>);
  const owner = { state: evaluated.ownerState, loginId: evaluated.ownerLoginId };
  const { now } = caller;
  if (policy === undefined || checkNewPassword({ owner, taken: evaluated.taken, policy, password }).length > 0) {
    throw new Error("The demo's password breaks its own policy.");
  }
  const row: CredentialRow = {
    ...initialPasswordColumns(policy, 'active', now),
    ...PASSWORD,
    userExtId: USER.extId,
    generation: randomUUID(),
    properties: null,
    lastSuccess: null,
    lastFailure: null,
    version: 1,
    created: now,
    lastModified: now,
  };
  const stored = await storeNewPassword(runner, caller, CLIENT.extId, evaluated, row, newSecret(hash));
  if (stored === undefined) throw new Error('The demo could not be made.');
}
