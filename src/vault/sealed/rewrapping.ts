import type { Database } from '../../database/database.js';
import { rewrap, type EnvelopePlace, type KeyRing, type WrappedKey } from './envelope.js';
import { COUNT_WRAPPED_OTHERWISE, READ_WRAPPED_OTHERWISE, STORE_WRAPPED } from './sealed-secrets.queries.js';

interface WrappedRow extends WrappedKey {
  readonly accountId: string;
  readonly keyStoreId: string;
  readonly version: number;
}

export interface Rewrapped {
  readonly rewrapped: number;
  /** Versions whose data key no key of the ring opens. */
  readonly unreadable: number;
}

/**
 * Wraps every data key that is under an older key anew, under the ring's first one. Servers that know both keys go on
 * meanwhile; what was done stays done when it is broken off, and a second run does the rest.
 *
 * @param progress hears how many of how many have been looked at, after each batch
 */
export async function rewrapAll(
  database: Database,
  ring: KeyRing,
  progress: (looked: number, total: number) => void,
  batch = 500,
): Promise<Rewrapped> {
  const currentId = ring[0].id;
  const [count] = await database.run<{ total: number }>(COUNT_WRAPPED_OTHERWISE, [currentId]);
  const total = count?.total ?? 0;
  let after: readonly [string, string, number] = ['', '0', 0];
  let looked = 0;
  let rewrapped = 0;
  let unreadable = 0;
  for (;;) {
    const rows = await database.run<WrappedRow>(READ_WRAPPED_OTHERWISE, [currentId, ...after, batch]);
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
    after = [last.accountId, last.keyStoreId, last.version];
  }
}

async function store(
  database: Database,
  changes: readonly { readonly row: WrappedRow; readonly next: WrappedKey }[],
): Promise<number> {
  const stored = await database.run(STORE_WRAPPED, [
    changes.map(({ row }) => row.accountId),
    changes.map(({ row }) => row.keyStoreId),
    changes.map(({ row }) => row.version),
    changes.map(({ row }) => row.wrappedKey),
    changes.map(({ next }) => next.keyId),
    changes.map(({ next }) => next.wrappedKey),
  ]);
  return stored.length;
}

function placeOf({ accountId, keyStoreId, version }: WrappedRow): EnvelopePlace {
  return { accountId, keyStoreId: Number(keyStoreId), version };
}
