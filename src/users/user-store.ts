import { auditEvent } from '../audit/change-with-audit-event.js';
import { changesOf } from '../audit/changes.rules.js';
import { removalBy } from '../audit/remove-with-audit-events.js';
import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { pick } from '../common/pick.js';
import type { StatementRunner } from '../database/database.js';
import { denialOfUser } from './user-denial.rules.js';
import { searchColumns } from './user-search.rules.js';
import { CHANGE_USER, CREATE_USER, LOCK_USER, REMOVE_CREDENTIALS, REMOVE_USER } from './user.queries.js';
import { presentMembers, type UserMember, userMembers, type UserUpdate } from './user.rules.js';
import { SETTABLE_COLUMNS, USER_COLUMNS, type UserPath, type UserRow } from './user.table.js';

/** Writes a new user and its audit event; 404 if there is no such client. */
export async function storeNewUser(runner: StatementRunner, caller: Caller, row: UserRow): Promise<void> {
  const event = eventOf(caller, 'created', undefined, row, presentMembers(row));
  const created = await CREATE_USER.first(runner, { ...pick(row, USER_COLUMNS), ...searchColumns(row), event });
  if (created === undefined) throw noRecord();
}

/**
 * Writes the change and its audit event; undefined if the user has another version than the one that was read.
 * Archiving first removes the credentials, and requires the user to be locked.
 */
export async function storeUserChange(
  runner: StatementRunner,
  caller: Caller,
  row: UserRow,
  { next, changed, archives }: UserUpdate,
): Promise<UserRow | undefined> {
  const { clientExtId, extId, generation, version } = row;
  const changedRow = { ...row, ...next };
  const event = eventOf(caller, archives ? 'archived' : 'changed', row, changedRow, changed);
  const key = { clientExtId, extId, generation, version, now: caller.now };
  if (archives) await REMOVE_CREDENTIALS.first(runner, { clientExtId, extId, removal: removalBy(caller) });
  const written = await CHANGE_USER.first(runner, {
    ...key,
    ...pick(next, SETTABLE_COLUMNS),
    ...searchColumns({ ...changedRow, version: version + 1 }),
    event,
    denied: denialOfUser(extId, row, changedRow),
  });
  return written === undefined ? undefined : { ...changedRow, version: written.version, lastModified: written.at };
}

/** Removes a locked user, after removing their credentials. */
export async function removeUser(runner: StatementRunner, caller: Caller, row: UserRow): Promise<object | undefined> {
  const { clientExtId, extId, generation } = row;
  const denied = denialOfUser(extId, row, undefined);
  await REMOVE_CREDENTIALS.first(runner, { clientExtId, extId, removal: removalBy(caller) });
  const event = auditEvent(caller, { action: 'deleted', kind: 'user', extId, userExtId: extId, generation });
  return await REMOVE_USER.first(runner, { clientExtId, extId, now: caller.now, event, denied });
}

export function locksOfUser({ clientExtId, userExtId: extId }: UserPath) {
  return { user: async (runner: StatementRunner) => await LOCK_USER.first(runner, { clientExtId, extId }) };
}

function eventOf(
  caller: Caller,
  action: 'created' | 'changed' | 'archived',
  before: UserRow | undefined,
  row: UserRow,
  changed: readonly UserMember[],
) {
  const members = userMembers(row);
  return auditEvent(caller, {
    action,
    kind: 'user',
    extId: row.extId,
    userExtId: row.extId,
    generation: row.generation,
    changes: changesOf(changed, before === undefined ? undefined : userMembers(before), members),
    after: { created: row.created.toISOString(), ...members },
    comment: row.modificationComment,
  });
}
