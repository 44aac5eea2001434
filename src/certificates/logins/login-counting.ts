import { auditEvent } from '../../audit/change-with-audit-event.js';
import type { LockState } from '../../credentials/credential-state.rules.js';
import { COUNT_LOGIN, NOTE_LOGIN } from '../../credentials/login.queries.js';
import { afterFailure, afterSuccess } from '../../credentials/login.rules.js';
import type { StatementRunner } from '../../database/database.js';
import { denialIf } from '../../denials/denial.model.js';
import { denialOf } from '../certificate-denial.rules.js';
import { COUNT_SUCCESS } from './certificate-login.queries.js';
import type { KnownLogin, LoginQuestion, LoginRow } from './known-login.js';
import type { Ending } from './rollover.js';
import { COUNT_FIRST_SUCCESS } from './rollover.queries.js';

/**
 * Counts a success, and ends the credentials that `ending` names. False if one of them was changed, locked or unlocked since it
 * was read.
 */
export async function countSuccess(
  runner: StatementRunner,
  question: LoginQuestion,
  row: LoginRow,
  ending: Ending | undefined,
): Promise<boolean> {
  const { now } = question.caller;
  const counted = afterSuccess(row, now);
  if (counted === undefined) return false;
  const { clientExtId } = question;
  const { extId, version, lock, lockedUntil, generation } = row;
  const { successes: _, ...cleared } = counted;
  const event = loginEvent(question, row, { succeeded: true, counted });
  const evaluated = { extId, generation, version, lock, lockedUntil };
  const parameters = { clientExtId, now, ...cleared, evaluated, event };
  const written =
    ending === undefined
      ? await COUNT_SUCCESS.first(runner, parameters)
      : await COUNT_FIRST_SUCCESS.first(runner, { ...parameters, ...ending });
  return written !== undefined;
}

/** Counts the login if it counts, and writes its audit event. What counts is changed only in a row that is locked. */
export async function note(
  runner: StatementRunner,
  question: LoginQuestion,
  { decided, known }: KnownLogin,
): Promise<void> {
  const { clientExtId } = question;
  const { now } = question.caller;
  const { row, policy } = known;
  const succeeded = decided.outcome === 'ok';
  const failed = decided.counts ? afterFailure(row, policy.locking, now) : undefined;
  const counted = succeeded ? afterSuccess(row, now) : failed;
  const event = loginEvent(question, row, { succeeded, counted });
  if (counted === undefined) {
    await NOTE_LOGIN.all(runner, { clientExtId, now, event });
    return;
  }
  const times = { lastSuccess: succeeded ? now : null, lastFailure: succeeded ? null : now };
  // Failures deny nothing until they lock.
  const denied = denialIf(counted.lock !== null, denialOf(question.certificate));
  await COUNT_LOGIN.all(runner, { clientExtId, extId: row.extId, now, ...times, ...counted, event, denied });
}

export function loginEvent(
  { caller }: LoginQuestion,
  { extId, userExtId, generation }: Pick<LoginRow, 'extId' | 'userExtId' | 'generation'>,
  { succeeded, counted }: { readonly succeeded: boolean; readonly counted: LockState | undefined },
) {
  return auditEvent(caller, {
    action: succeeded ? 'loggedIn' : 'loginFailed',
    kind: 'certificate',
    extId,
    userExtId,
    generation,
    // The reason of the lock that this failure caused.
    reason: counted?.lockReason ?? undefined,
  });
}
