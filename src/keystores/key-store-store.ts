import { trailValues } from '../audit/trail-event.js';
import type { Caller } from '../common/actor.js';
import type { StatementRunner } from '../database/database.js';
import type { KeyStoreRow } from './key-store-row.model.js';
import { keyStoreEvent } from './key-store-trail.js';
import { CREATE_KEY_STORE, DELETE_KEY_STORE, REPLACE_KEY_STORE } from './key-store.queries.js';

/** With the moment of its claim, which is later than the request by what reading the files has taken. */
export type NewKeyStoreRow = KeyStoreRow & { readonly claim: string; readonly claimedAt: Date };

type Written = { readonly version: number; readonly at: Date };

/** False where the account is gone, or has `most` already. */
export async function storeNewKeyStore(
  runner: StatementRunner,
  caller: Caller,
  row: NewKeyStoreRow,
  most: number,
): Promise<boolean> {
  const written = await runner.run<Written>(CREATE_KEY_STORE, [
    row.clientExtId,
    caller.now,
    most,
    row.id,
    row.incarnation,
    row.name,
    row.displayName,
    row.subjectDn,
    row.expires,
    row.p12Sha256,
    row.claim,
    row.claimedAt,
    ...trailValues(caller, keyStoreEvent('created', row)),
  ]);
  return written.length > 0;
}

/** `next` names the new version in the vault. Undefined where another operation has taken the row over. */
export async function storeReplacement(
  runner: StatementRunner,
  caller: Caller,
  next: KeyStoreRow,
  changed: readonly string[],
): Promise<KeyStoreRow | undefined> {
  const [written] = await runner.run<Written>(REPLACE_KEY_STORE, [
    next.clientExtId,
    next.id,
    next.claim,
    caller.now,
    next.name,
    next.displayName,
    next.subjectDn,
    next.expires,
    next.p12Sha256,
    next.vaultVersion,
    ...trailValues(caller, keyStoreEvent('changed', next, changed)),
  ]);
  if (written === undefined) return undefined;
  return { ...next, state: 'available', version: written.version, lastModified: written.at };
}

/** Undefined where it has just been deleted by somebody else. */
export async function storeDeletion(
  runner: StatementRunner,
  caller: Caller,
  row: KeyStoreRow,
  claim: string,
): Promise<KeyStoreRow | undefined> {
  const [written] = await runner.run<Written & Pick<KeyStoreRow, 'vaultVersion'>>(DELETE_KEY_STORE, [
    row.clientExtId,
    row.id,
    claim,
    caller.now,
    ...trailValues(caller, keyStoreEvent('deleted', row)),
  ]);
  if (written === undefined) return undefined;
  const { version, at, vaultVersion } = written;
  return { ...row, claim, vaultVersion, version, lastModified: at, deletedAt: caller.now };
}
