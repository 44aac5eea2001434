import { randomUUID } from 'node:crypto';

import type { Caller } from '../common/actor.js';
import { generatedSecret } from '../config/generated-secrets.js';
import type { StatementRunner } from '../database/database.js';
import { newPasswordColumns, refusalsOfNewPassword } from '../passwords/password-creation.rules.js';
import type { PasswordJudgesRow, PasswordRow } from '../passwords/password-row.js';
import { newSecret, storeNewPassword } from '../passwords/password-store.js';
import { READ_PASSWORD_JUDGES } from '../passwords/password.queries.js';
import { readPasswordPolicy } from '../policies/password-policy.rules.js';
import { CLIENT, PASSWORD, USER } from './demo-world.js';

type Judges = PasswordJudgesRow & { readonly taken: boolean; readonly policyParameters: string };

/** A password and what is stored of it. */
export interface HashedPassword {
  readonly password: string;
  readonly hash: string;
}

/** Kept beside the secrets, for only its hash is in the database, and every start prints it. */
export function demoPassword(dataDirectory: string): string {
  return generatedSecret(dataDirectory, 'demo-password').toString('utf8').slice(0, 20);
}

/** Gives the demo's user a password as W1 would: judged by its policy, with its line in the trail. */
export async function createPassword(
  runner: StatementRunner,
  caller: Caller,
  { password, hash }: HashedPassword,
): Promise<void> {
  const [judges] = await runner.run<Judges>(READ_PASSWORD_JUDGES, [CLIENT.extId, USER.extId, PASSWORD.policyExtId]);
  if (judges === undefined) throw new Error("The demo's user or the policy of the password is missing.");
  const { policy } = readPasswordPolicy(JSON.parse(judges.policyParameters) as Record<string, string>);
  const owner = { ...judges, state: judges.ownerState, loginId: judges.ownerLoginId };
  const { now } = caller;
  if (policy === undefined || refusalsOfNewPassword({ owner, taken: judges.taken, policy, password }).length > 0) {
    throw new Error("The demo's password breaks its own policy.");
  }
  const row: PasswordRow = {
    ...newPasswordColumns(policy, 'active', now),
    ...PASSWORD,
    userExtId: USER.extId,
    incarnation: randomUUID(),
    properties: null,
    lastSuccess: null,
    lastFailure: null,
    version: 1,
    created: now,
    lastModified: now,
  };
  const path = { clientExtId: CLIENT.extId, userExtId: USER.extId };
  if (!(await storeNewPassword(runner, caller, path, judges, row, newSecret(hash)))) {
    throw new Error('The demo could not be made.');
  }
}
