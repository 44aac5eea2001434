import { auditEvent } from '../audit/change-with-audit-event.js';
import { changesOf } from '../audit/changes.rules.js';
import type { Caller } from '../common/actor.js';
import { pick } from '../common/pick.js';
import type { StatementRunner } from '../database/database.js';
import { CHANGE_CLIENT, CREATE_CLIENT } from './client.queries.js';
import { CLIENT_MEMBERS, type ClientMembers, type ClientRow } from './client.table.js';

export async function storeNewClient(runner: StatementRunner, caller: Caller, row: ClientRow): Promise<void> {
  const changed = CLIENT_MEMBERS.filter((member) => row[member] !== null);
  const changes = changesOf(changed, undefined, row);
  const event = auditEvent(caller, { ...subjectOf(row), action: 'created', changes });
  await CREATE_CLIENT.first(runner, { ...row, clientExtId: row.extId, event });
}

/** Writes the change and its audit event; undefined if the client has another version than the one that was read. */
export async function storeClientChange(
  runner: StatementRunner,
  caller: Caller,
  row: ClientRow,
  next: ClientMembers,
  changed: readonly (keyof ClientMembers)[],
): Promise<ClientRow | undefined> {
  const changedRow = { ...row, ...next };
  const changes = changesOf(changed, row, changedRow);
  const event = auditEvent(caller, { ...subjectOf(changedRow), action: 'changed', changes });
  const key = { clientExtId: row.extId, version: row.version, now: caller.now };
  const written = await CHANGE_CLIENT.first(runner, { ...key, ...next, event });
  return written === undefined ? undefined : { ...changedRow, version: written.version, lastModified: written.at };
}

function subjectOf(row: ClientRow) {
  const has = CLIENT_MEMBERS.filter((member) => row[member] !== null);
  const after = { created: row.created.toISOString(), ...pick(row, has) };
  return { kind: 'client', extId: row.extId, generation: row.generation, after } as const;
}
