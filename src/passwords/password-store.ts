import { randomUUID } from 'node:crypto';

import { trailValues, type TrailEvent } from '../audit/trail-event.js';
import type { Caller } from '../common/actor.js';
import { shownReason } from '../credentials/credential-state.rules.js';
import { administeredMembers } from '../credentials/credential-trail.js';
import { stateValues, type Written } from '../credentials/credential.queries.js';
import type { StatementRunner } from '../database/database.js';
import type { PasswordPath } from './password-path.js';
import type { PasswordJudgesRow, PasswordRow } from './password-row.js';
import type { PasswordChange } from './password-update.rules.js';
import { CHANGE_PASSWORD, CHANGE_STATE, CREATE_PASSWORD, DELETE_PASSWORD } from './password.queries.js';

/** What is stored of a password itself. */
export interface StoredSecret {
  readonly hash: string;
  readonly generation: string;
}

export function newSecret(hash: string): StoredSecret {
  return { hash, generation: randomUUID() };
}

/** Writes a new password and its line of the trail; false where what it was judged by no longer stands. */
export async function storeNewPassword(
  runner: StatementRunner,
  caller: Caller,
  { clientExtId, userExtId }: PasswordPath,
  judges: PasswordJudgesRow,
  row: PasswordRow,
  secret: StoredSecret,
): Promise<boolean> {
  const written = await runner.run(CREATE_PASSWORD, [
    clientExtId,
    userExtId,
    judges.ownerVersion,
    judges.policyExtId,
    judges.policyVersion,
    caller.now,
    row.extId,
    row.incarnation,
    userExtId,
    row.policyExtId,
    ...columnsOf(row),
    secret.hash,
    secret.generation,
    ...trailValues(caller, trailOf('created', row, ['password', 'validity', 'stateName', 'stateChangeReason'])),
  ]);
  return written.length > 0;
}

/** As `storeNewPassword`, for a change; the row as it now is. */
export async function storePasswordChange(
  runner: StatementRunner,
  caller: Caller,
  { clientExtId, userExtId }: PasswordPath,
  judged: PasswordRow & PasswordJudgesRow,
  change: PasswordChange,
  secret: StoredSecret | undefined,
): Promise<PasswordRow | undefined> {
  const next = { ...judged, ...change.next };
  const [written] = await runner.run<Written>(secret === undefined ? CHANGE_STATE : CHANGE_PASSWORD, [
    clientExtId,
    userExtId,
    judged.ownerVersion,
    judged.policyExtId,
    judged.policyVersion,
    judged.extId,
    judged.version,
    judged.lock,
    judged.lockedUntil,
    caller.now,
    ...columnsOf(next),
    change.failuresForgotten ? 'failures' : 'none',
    ...(secret === undefined ? [] : [secret.hash, secret.generation]),
    ...trailValues(caller, trailOf('changed', next, change.changed)),
  ]);
  if (written === undefined) return undefined;
  const { at, ...columns } = written;
  return { ...next, ...columns, lastModified: at };
}

/** False where the password is no longer in the version that was read. */
export async function removePassword(
  runner: StatementRunner,
  caller: Caller,
  { clientExtId, userExtId }: PasswordPath,
  { extId, incarnation, version }: PasswordRow,
): Promise<boolean> {
  const event = { action: 'deleted', kind: 'password', extId, userExtId, incarnation } as const;
  const values = [clientExtId, extId, version, caller.now, ...trailValues(caller, event)];
  return (await runner.run(DELETE_PASSWORD, values)).length > 0;
}

/** In the order of `COLUMNS`. */
function columnsOf(row: PasswordRow): readonly unknown[] {
  return [...stateValues(row), row.validFrom, row.validTo];
}

function trailOf(action: 'created' | 'changed', row: PasswordRow, changed: readonly string[]): TrailEvent {
  return {
    action,
    kind: 'password',
    extId: row.extId,
    userExtId: row.userExtId,
    incarnation: row.incarnation,
    changed,
    after: administeredMembers(row),
    reason: shownReason(row),
    comment: row.comment,
  };
}
