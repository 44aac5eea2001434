import { Injectable } from '@nestjs/common';

import { auditEvent } from '../audit/change-with-audit-event.js';
import type { Caller } from '../common/actor.js';
import { foldCase } from '../common/fold-case.js';
import { LOCK_CREDENTIAL } from '../credentials/credential.queries.js';
import { ownerActivity } from '../credentials/owner-access.js';
import { Database, type StatementRunner } from '../database/database.js';
import { PoliciesService } from '../policies/policies.service.js';
import { PasswordHasher } from './password-hasher.js';
import { COUNT_LOGIN, NOTE_LOGIN, READ_LOGIN } from './password-login.queries.js';
import { decideLogin, type LoginOutcome } from './password-login.rules.js';
import { preparedPassword } from './prepared-password.rules.js';

type LoginRow = NonNullable<Awaited<ReturnType<typeof READ_LOGIN.first>>>;
type PasswordOfLogin = Extract<LoginRow, { readonly extId: string }>;

/** No extId. */
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
   * The generation of the password that was right; undefined for whatever reason the login failed. It always costs one
   * argon2id and one transaction, so that no answer's time tells whether the user, the password or a lock exists.
   */
  async logIn(caller: Caller, loginId: string, password: string): Promise<string | undefined> {
    const { clientExtId, userExtId } = caller.actor;
    this.hasher.requireRoom(clientExtId);
    const row = await READ_LOGIN.first(this.database, { clientExtId, userExtId });
    const asked = row !== undefined && row.extId !== null && row.loginIdFolded === foldCase(loginId) ? row : undefined;
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
    await LOCK_CREDENTIAL.all(runner, { clientExtId, extId: asked?.extId ?? NO_CREDENTIAL });
    const row = await READ_LOGIN.first(runner, { clientExtId, userExtId });
    if (asked === undefined) {
      const failure = { action: 'loginFailed', kind: 'user', extId: userExtId, userExtId } as const;
      await NOTE_LOGIN.all(runner, { clientExtId, now: caller.now, event: auditEvent(caller, failure) });
      return false;
    }
    // Replaced or deleted while it was being checked: neither a login nor a failure of the one that stands now.
    if (row === undefined || row.extId === null || row.generation !== asked.generation) return false;
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

/** Counts it, where it counts, and writes its audit event. */
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
    // Of the lock that this failure made.
    reason: counted?.lockReason ?? undefined,
  });
  if (counted === undefined) {
    await NOTE_LOGIN.all(runner, { clientExtId, now, event });
    return;
  }
  const times = { lastSuccess: succeeded ? now : null, lastFailure: succeeded ? null : now };
  await COUNT_LOGIN.all(runner, { clientExtId, extId, now, ...times, ...counted, event });
}
