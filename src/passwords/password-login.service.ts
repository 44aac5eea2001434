import { Injectable } from '@nestjs/common';

import { auditEvent } from '../audit/change-with-audit-event.js';
import type { Caller } from '../common/actor.js';
import { foldCase } from '../common/fold-case.js';
import { LOCK_CREDENTIAL } from '../credentials/credential.queries.js';
import { COUNT_LOGIN, NOTE_LOGIN } from '../credentials/login.queries.js';
import { ownerActivity } from '../credentials/owner-access.js';
import { Database, type StatementRunner } from '../database/database.js';
import { NO_DENIAL } from '../denials/denial.model.js';
import { PoliciesService } from '../policies/policies.service.js';
import { PasswordHasher } from './password-hasher.js';
import { READ_LOGIN } from './password-login.queries.js';
import { decideLogin, type LoginOutcome } from './password-login.rules.js';
import { preparedPassword } from './password.rules.js';

type LoginRow = NonNullable<Awaited<ReturnType<typeof READ_LOGIN.first>>>;
type PasswordOfLogin = Extract<LoginRow, { readonly extId: string }>;

/** Matches no credential, because an extId is never empty. */
const NO_CREDENTIAL = '';

/** Logins of the caller with their password. */
@Injectable()
export class PasswordLoginService {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly hasher: PasswordHasher,
  ) {}

  /**
   * Returns the generation of the password if the login succeeded; undefined for any failure. Always costs one argon2id
   * computation and one transaction, so that the response time does not reveal whether the user, the password or a lock
   * exists.
   */
  async logIn(caller: Caller, loginId: string, password: string): Promise<string | undefined> {
    const { clientExtId, userExtId } = caller.actor;
    this.hasher.requireRoom(clientExtId);
    const row = await READ_LOGIN.first(this.database, { clientExtId, userExtId });
    const checked =
      row !== undefined && row.extId !== null && row.loginIdFolded === foldCase(loginId) ? row : undefined;
    // A password that cannot be prepared is never correct, but is checked like any other.
    const sent = preparedPassword(password) ?? password;
    const matches = await this.hasher.matches(clientExtId, checked?.hash, sent, caller.signal);
    const succeeded = await this.database.transaction(
      clientExtId,
      async (runner) => await this.count(runner, caller, checked, matches),
    );
    return succeeded ? checked?.generation : undefined;
  }

  /**
   * Logins with the same password are counted one after the other: the row stays locked from reading its counters to
   * changing them, so that a hundred wrong passwords at once lock it just like a hundred in a row. If there is no
   * password, the same work is done without effect, and the failure is recorded for the user.
   */
  private async count(
    runner: StatementRunner,
    caller: Caller,
    checked: PasswordOfLogin | undefined,
    matches: boolean,
  ): Promise<boolean> {
    const { clientExtId, userExtId } = caller.actor;
    await LOCK_CREDENTIAL.all(runner, { clientExtId, extId: checked?.extId ?? NO_CREDENTIAL });
    const row = await READ_LOGIN.first(runner, { clientExtId, userExtId });
    if (checked === undefined) {
      const failure = { action: 'loginFailed', kind: 'user', extId: userExtId, userExtId } as const;
      await NOTE_LOGIN.all(runner, { clientExtId, now: caller.now, event: auditEvent(caller, failure) });
      return false;
    }
    // The password was replaced or deleted during the check: this is neither a login nor a failure of the current one.
    if (row === undefined || row.extId === null || row.generation !== checked.generation) return false;
    const outcome = decideLogin({
      owner: ownerActivity(row),
      credential: row,
      locking: this.policies.passwordPolicy(row.policyParameters).locking,
      matches,
      now: caller.now,
    });
    await note(runner, caller, row, outcome);
    return outcome.succeeded;
  }
}

/** Counts the login if it counts, and writes its audit event. */
async function note(
  runner: StatementRunner,
  caller: Caller,
  { extId, generation }: PasswordOfLogin,
  { succeeded, counted }: LoginOutcome,
): Promise<void> {
  const { clientExtId, userExtId } = caller.actor;
  const { now } = caller;
  const event = auditEvent(caller, {
    action: succeeded ? 'loggedIn' : 'loginFailed',
    kind: 'password',
    extId,
    userExtId,
    generation,
    // The reason of the lock that this failure caused.
    reason: counted?.lockReason ?? undefined,
  });
  if (counted === undefined) {
    await NOTE_LOGIN.all(runner, { clientExtId, now, event });
    return;
  }
  const times = { lastSuccess: succeeded ? now : null, lastFailure: succeeded ? null : now };
  await COUNT_LOGIN.all(runner, { clientExtId, extId, now, ...times, ...counted, event, denied: NO_DENIAL });
}
