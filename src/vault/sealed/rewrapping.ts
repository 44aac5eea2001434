import type { Database } from '../../database/database.js';
import { rewrap, type EnvelopePlace, type KeyRing, type WrappedKey } from './envelope.js';
import { COUNT_WRAPPED_WITH_OTHER_KEY, READ_WRAPPED_WITH_OTHER_KEY, STORE_WRAPPED } from './sealed-secrets.queries.js';

interface WrappedRow extends WrappedKey {
  readonly clientExtId: string;
  readonly keyStoreId: number;
  readonly version: number;
}

export interface Rewrapped {
  readonly rewrapped: number;
  /** Versions whose data key cannot be decrypted with any key of the ring. */
  readonly unreadable: number;
}

/**
 * Wraps every data key that uses an older key again with the first key of the ring. Servers that know both keys keep
 * running. An interrupted run keeps what it has done, and the next run does the rest.
 *
 * @param progress called after each batch with the number of checked versions and the total
 */
export async function rewrapAll(
  database: Database,
  ring: KeyRing,
  progress: (looked: number, total: number) => void,
  batch = 500,
): Promise<Rewrapped> {
  const keyId = ring[0].id;
  const count = await COUNT_WRAPPED_WITH_OTHER_KEY.first(database, { keyId });
  const total = count?.total ?? 0;
  let after = { afterClientExtId: '', afterKeyStoreId: 0, afterVersion: 0 };
  let looked = 0;
  let rewrapped = 0;
  let unreadable = 0;
  for (;;) {
    const rows = await READ_WRAPPED_WITH_OTHER_KEY.all(database, { keyId, ...after, limit: batch });
    const last = rows.at(-1);
    if (last === undefined) return { rewrapped, unreadable };
    const changes = rows.flatMap((row) => {
      const next = rewrap(ring, placeOf(row), row);
      return next === undefined ? [] : [{ row, next }];
    });
    unreadable += rows.length - changes.length;
    rewrapped += await store(database, changes);
    looked += rows.length;
    progress(looked, Math.max(total, looked));
    after = {
      afterClientExtId: last.clientExtId,
      afterKeyStoreId: last.keyStoreId,
      afterVersion: last.version,
    };
  }
}

async function store(
  database: Database,
  changes: readonly { readonly row: WrappedRow; readonly next: WrappedKey }[],
): Promise<number> {
  const wrappings = changes.map(({ row: { clientExtId, keyStoreId, version, wrappedKey }, next }) => ({
    clientExtId,
    keyStoreId,
    version,
    previous: hexOf(wrappedKey),
    keyId: next.keyId,
    wrappedKey: hexOf(next.wrappedKey),
  }));
  return (await STORE_WRAPPED.all(database, { wrappings })).length;
}

function hexOf(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`;
}

function placeOf({ clientExtId, keyStoreId, version }: WrappedRow): EnvelopePlace {
  return { accountId: clientExtId, keyStoreId, version };
}
