import { auditEvent } from '../audit/change-with-audit-event.js';
import { type Changes, changesOf } from '../audit/changes.rules.js';
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
  const changes = changesOf(['name', 'displayName', 'p12', 'subject', 'expires'], undefined, membersOf(row));
  const event = eventOf(caller, 'created', row, changes);
  return (await CREATE_KEY_STORE.first(runner, { ...row, maxCount, event })) !== undefined;
}

/** `next` contains the new version in the vault. Undefined if another operation has taken over the row. */
export async function storeReplacement(
  runner: StatementRunner,
  caller: Caller,
  before: KeyStoreRow,
  next: KeyStoreRow,
): Promise<KeyStoreRow | undefined> {
  const event = eventOf(caller, 'changed', next, changesBetween(before, next));
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
function eventOf(caller: Caller, action: 'created' | 'changed' | 'deleted', row: KeyStoreRow, changes?: Changes) {
  return auditEvent(caller, {
    action,
    kind: 'keyStore',
    extId: String(row.id),
    generation: row.generation,
    changes,
    after: membersOf(row),
  });
}

function membersOf(row: KeyStoreRow) {
  return {
    name: row.name,
    displayName: row.displayName ?? row.name,
    subject: row.subjectDn ?? undefined,
    expires: row.expires.toISOString(),
  };
}

/** Another file is named, without its digest: it is of a secret. */
function changesBetween(before: KeyStoreRow, next: KeyStoreRow): Changes {
  const was = membersOf(before);
  const is = membersOf(next);
  const differing = (['name', 'displayName', 'subject', 'expires'] as const).filter((name) => was[name] !== is[name]);
  const p12 = before.p12Sha256.equals(next.p12Sha256) ? [] : ['p12'];
  return changesOf([...p12, ...differing], was, is);
}
