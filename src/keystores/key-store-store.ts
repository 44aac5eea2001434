import { auditEvent } from '../audit/change-with-audit-event.js';
import type { Caller } from '../common/actor.js';
import { pick } from '../common/pick.js';
import type { StatementRunner } from '../database/database.js';
import { CREATE_KEY_STORE, DELETE_KEY_STORE, REPLACE_KEY_STORE, REPLACED_COLUMNS } from './key-store.queries.js';
import { CLAIMED_KEY, KEY_STORE_KEY, type KeyStoreRow, type NewKeyStoreRow } from './key-store.table.js';

/** False if the account does not exist, or already has `maxCount` key stores. */
export async function storeNewKeyStore(
  runner: StatementRunner,
  caller: Caller,
  row: NewKeyStoreRow,
  maxCount: number,
): Promise<boolean> {
  const event = eventOf(caller, 'created', row);
  return (await CREATE_KEY_STORE.first(runner, { ...row, maxCount, event })) !== undefined;
}

/** `next` contains the new version in the vault. Undefined if another operation has taken over the row. */
export async function storeReplacement(
  runner: StatementRunner,
  caller: Caller,
  next: KeyStoreRow,
  changed: readonly string[],
): Promise<KeyStoreRow | undefined> {
  const event = eventOf(caller, 'changed', next, changed);
  const content = pick(next, [...CLAIMED_KEY, ...REPLACED_COLUMNS]);
  const written = await REPLACE_KEY_STORE.first(runner, { ...content, now: caller.now, event });
  if (written === undefined) return undefined;
  return { ...next, state: 'available', version: written.version, lastModified: written.at };
}

/** Undefined if another request has just deleted it. */
export async function storeDeletion(
  runner: StatementRunner,
  caller: Caller,
  row: KeyStoreRow,
  claim: string,
): Promise<KeyStoreRow | undefined> {
  const { now } = caller;
  const event = eventOf(caller, 'deleted', row);
  const written = await DELETE_KEY_STORE.first(runner, { ...pick(row, KEY_STORE_KEY), claim, now, event });
  if (written === undefined) return undefined;
  const { version, at, vaultVersion } = written;
  return { ...row, claim, vaultVersion, version, lastModified: at, deletedAt: now };
}

/** The audit event of a key store, without the p12, its password, or a digest of either. */
function eventOf(
  caller: Caller,
  action: 'created' | 'changed' | 'deleted',
  row: KeyStoreRow,
  changed?: readonly string[],
) {
  return auditEvent(caller, {
    action,
    kind: 'keyStore',
    extId: String(row.id),
    generation: row.generation,
    changed,
    after: {
      name: row.name,
      displayName: row.displayName ?? row.name,
      subject: row.subjectDn ?? undefined,
      expires: row.expires.toISOString(),
    },
  });
}
