import { type TrailEvent, trailValues } from '../audit/trail-event.js';
import type { Caller } from '../common/actor.js';
import type { StatementRunner } from '../database/database.js';
import type { ClientRow } from './client-row.js';
import type { ClientColumns, ClientMember } from './client-update.rules.js';
import { CHANGE_CLIENT, CREATE_CLIENT } from './client.queries.js';

type Written = { readonly version: number; readonly at: Date };

export async function storeNewClient(runner: StatementRunner, caller: Caller, row: ClientRow): Promise<void> {
  const changed = Object.entries(columnsOf(row)).filter(([, value]) => value !== null);
  await runner.run(CREATE_CLIENT, [
    row.extId,
    caller.now,
    row.incarnation,
    ...clientValues(row),
    ...trailValues(
      caller,
      eventOf(
        'created',
        row,
        changed.map(([member]) => member),
      ),
    ),
  ]);
}

/** Writes the change and its line of the trail; undefined where the client is no longer in the version that was read. */
export async function storeClientChange(
  runner: StatementRunner,
  caller: Caller,
  row: ClientRow,
  next: ClientColumns,
  changed: readonly ClientMember[],
): Promise<ClientRow | undefined> {
  const changedRow = { ...row, ...next };
  const [written] = await runner.run<Written>(CHANGE_CLIENT, [
    row.extId,
    row.version,
    caller.now,
    ...clientValues(next),
    ...trailValues(caller, eventOf('changed', changedRow, changed)),
  ]);
  return written === undefined ? undefined : { ...changedRow, version: written.version, lastModified: written.at };
}

/** In the order of both statements. */
function clientValues({ name, displayName, remarks }: ClientColumns): readonly unknown[] {
  return [name, displayName === null ? null : JSON.stringify(displayName), remarks];
}

function eventOf(action: 'created' | 'changed', row: ClientRow, changed: readonly string[]): TrailEvent {
  const { name, displayName, remarks } = row;
  return {
    action,
    kind: 'client',
    extId: row.extId,
    incarnation: row.incarnation,
    changed,
    after: {
      created: row.created.toISOString(),
      name,
      displayName: displayName ?? undefined,
      remarks: remarks ?? undefined,
    },
  };
}

function columnsOf({ name, displayName, remarks }: ClientColumns): ClientColumns {
  return { name, displayName, remarks };
}
