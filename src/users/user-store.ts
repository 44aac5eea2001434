import { type TrailEvent, trailValues } from '../audit/trail-event.js';
import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { foldCase } from '../common/fold-case.js';
import type { StatementRunner } from '../database/database.js';
import type { UserColumns } from './user-columns.model.js';
import { presentMembers, type UserMember, userMembers } from './user-members.rules.js';
import type { UserRow } from './user-row.js';
import type { UserUpdate } from './user-update.rules.js';
import { CHANGE_USER, CREATE_USER } from './user.queries.js';

type Written = { readonly version: number; readonly at: Date };

/** Writes a new user and his line of the trail; a 404 where there is no such client. */
export async function storeNewUser(runner: StatementRunner, caller: Caller, row: UserRow): Promise<void> {
  const created = await runner.run(CREATE_USER, [
    row.clientExtId,
    caller.now,
    row.extId,
    row.incarnation,
    row.isTechnicalUser,
    ...userValues(row),
    ...trailValues(caller, eventOf('created', row, presentMembers(row))),
  ]);
  if (created.length === 0) throw noRecord();
}

/** Writes the change and its line of the trail; undefined where the user is no longer in the version that was read. */
export async function storeUserChange(
  runner: StatementRunner,
  caller: Caller,
  row: UserRow,
  { next, changed, archives }: UserUpdate,
): Promise<UserRow | undefined> {
  const changedRow = { ...row, ...next };
  const [written] = await runner.run<Written>(CHANGE_USER, [
    row.clientExtId,
    row.extId,
    row.version,
    caller.now,
    ...userValues(next),
    ...trailValues(caller, eventOf(archives ? 'archived' : 'changed', changedRow, changed)),
  ]);
  return written === undefined ? undefined : { ...changedRow, version: written.version, lastModified: written.at };
}

/** In the order of `SETTABLE`. */
function userValues(user: UserColumns): readonly unknown[] {
  return [
    user.loginId,
    foldCase(user.loginId),
    user.state,
    user.languageCode,
    user.title,
    user.firstName,
    user.familyName,
    user.sex,
    user.gender,
    user.birthDate,
    jsonOf(user.address),
    user.telephone,
    user.telefax,
    user.mobile,
    user.email,
    user.validFrom,
    user.validTo,
    jsonOf(user.properties),
    user.remarks,
    user.modificationComment,
  ];
}

function jsonOf(members: object | null): string | null {
  return members === null ? null : JSON.stringify(members);
}

function eventOf(action: 'created' | 'changed' | 'archived', row: UserRow, changed: readonly UserMember[]): TrailEvent {
  return {
    action,
    kind: 'user',
    extId: row.extId,
    userExtId: row.extId,
    incarnation: row.incarnation,
    changed,
    after: { created: row.created.toISOString(), ...userMembers(row) },
    comment: row.modificationComment,
  };
}
