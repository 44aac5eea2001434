import type { StatementRunner } from './database.js';

/**
 * Every advisory lock of PostgreSQL that is used here, so that no two share a number. A number that is in use stays as
 * it is: servers of two versions run side by side during an upgrade, and only the same number keeps them apart.
 */
export const ADVISORY_LOCKS = {
  /** The process that runs the embedded cluster. */
  embeddedOwner: 7_245_118_903n,
  /** Of servers that start at once, one migrates. */
  migration: 7_245_118_904n,
  /** Seeds of hashes: of a client for its policies, of an account, of a user within the client. */
  policies: 7_245_118_905n,
  keyStores: 7_245_118_906n,
  user: 7_245_118_909n,
  /** Of a user within the client, whose credentials are counted; after every other lock. */
  credentialCount: 7_245_118_910n,
} as const;

/**
 * The one order in which whatever touches several rows locks them. A user's fair lock comes before the user; that of a
 * client's policies before the first policy, and after the users, whom its holder would otherwise keep waiting.
 */
const LOCK_ORDER = ['client', 'user', 'policiesFairLock', 'policy', 'credential'] as const;

export type Locks = { readonly [Kind in (typeof LOCK_ORDER)[number]]?: (runner: StatementRunner) => Promise<unknown> };

/** Inside a transaction, which gives them back. */
export async function lockInOrder(runner: StatementRunner, locks: Locks): Promise<void> {
  for (const kind of LOCK_ORDER) await locks[kind]?.(runner);
}
