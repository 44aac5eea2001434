import { Injectable } from '@nestjs/common';

import { trailValues } from '../audit/trail-event.js';
import type { Caller } from '../common/actor.js';
import { foldCase } from '../common/fold-case.js';
import { LOCK_CREDENTIAL } from '../credentials/credential.queries.js';
import { Database, type StatementRunner } from '../database/database.js';
import { PoliciesService } from '../policies/policies.service.js';
import { PasswordHasher } from './password-hasher.js';
import { COUNT_LOGIN, type LoginRow, NOTE_LOGIN, READ_LOGIN } from './password-login.queries.js';
import { decideLogin, type LoginOutcome } from './password-login.rules.js';
import { preparedPassword } from './prepared-password.rules.js';

type PasswordOfLogin = LoginRow & { readonly extId: string; readonly hash: string };

/** No extId. */
const NO_CREDENTIAL = '';

/** Logins with a password, of the caller himself. */
@Injectable()
export class PasswordLoginService {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly hasher: PasswordHasher,
  ) {}

  /**
   * The generation of the password that logged him in; undefined for whatever reason it did not. It always costs one
   * argon2id and one transaction, so that no answer's time tells whether the user, his password or a lock exists.
   */
  async logIn(caller: Caller, loginId: string, password: string): Promise<string | undefined> {
    const { clientExtId, userExtId } = caller.actor;
    this.hasher.requireRoom(clientExtId);
    const [row] = await this.database.run<LoginRow>(READ_LOGIN, [clientExtId, userExtId]);
    const asked = row !== undefined && hasPassword(row) && row.loginIdFolded === foldCase(loginId) ? row : undefined;
    // What cannot be prepared is nobody's password, but is asked like any other.
    const sent = preparedPassword(password) ?? password;
    const matches = await this.hasher.matches(clientExtId, asked?.hash, sent, caller.signal);
    const succeeded = await this.database.transaction(
      clientExtId,
      async (runner) => await this.count(runner, caller, asked, matches),
    );
    return succeeded ? asked?.generation : undefined;
  }

  /**
   * One login of a password after the other: the row stays locked from the look at its counters to their change, so
   * that a hundred wrong passwords at once lock it as a hundred in a row would. Where none is asked the same is done
   * for nothing, and the failure is the user's.
   */
  private async count(
    runner: StatementRunner,
    caller: Caller,
    asked: PasswordOfLogin | undefined,
    matches: boolean,
  ): Promise<boolean> {
    const { clientExtId, userExtId } = caller.actor;
    await runner.run(LOCK_CREDENTIAL, [clientExtId, asked?.extId ?? NO_CREDENTIAL]);
    const [row] = await runner.run<LoginRow>(READ_LOGIN, [clientExtId, userExtId]);
    if (asked === undefined) {
      const failure = { action: 'loginFailed', kind: 'user', extId: userExtId, userExtId } as const;
      await runner.run(NOTE_LOGIN, [clientExtId, caller.now, ...trailValues(caller, failure)]);
      return false;
    }
    // Replaced or deleted while it was being checked: neither a login nor a failure of the one that stands now.
    if (row === undefined || !hasPassword(row) || row.generation !== asked.generation) return false;
    const outcome = decideLogin({
      owner: { state: row.ownerState, validFrom: row.ownerValidFrom, validTo: row.ownerValidTo },
      credential: row,
      locking: this.policies.passwordPolicy(row.policyParameters).locking,
      matches,
      now: caller.now,
    });
    await note(runner, caller, row, outcome);
    return outcome.succeeded;
  }
}

function hasPassword(row: LoginRow): row is PasswordOfLogin {
  return row.extId !== null && row.hash !== null;
}

/** Counts it, where it counts, and leaves its line in the trail. */
async function note(
  runner: StatementRunner,
  caller: Caller,
  { extId, incarnation }: PasswordOfLogin,
  { succeeded, counted }: LoginOutcome,
): Promise<void> {
  const { clientExtId, userExtId } = caller.actor;
  const line = trailValues(caller, {
    action: succeeded ? 'loggedIn' : 'loginFailed',
    kind: 'password',
    extId,
    userExtId,
    incarnation,
    // Of the lock that this failure made.
    reason: counted?.lockReason ?? undefined,
  });
  if (counted === undefined) {
    await runner.run(NOTE_LOGIN, [clientExtId, caller.now, ...line]);
    return;
  }
  await runner.run(COUNT_LOGIN, [
    clientExtId,
    extId,
    caller.now,
    succeeded ? caller.now : null,
    succeeded ? null : caller.now,
    counted.lock,
    counted.lockedUntil,
    counted.lockReason,
    counted.failures,
    counted.failuresSinceLock,
    counted.successes,
    ...line,
  ]);
}
