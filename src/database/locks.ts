import type { StatementRunner } from './database.js';

/**
 * All advisory locks, so that no two share a number. Numbers must never change: servers of two versions run side by
 * side during an upgrade, and exclude each other only with the same number.
 */
export const ADVISORY_LOCKS = {
  /** Held by the process that runs the embedded cluster. */
  embeddedOwner: 7_245_118_903n,
  /** If several servers start at once, only one runs the migrations. */
  migration: 7_245_118_904n,
  /** Seeds for hashes of a client (for its policies), of an account, and of a user within the client. */
  policies: 7_245_118_905n,
  keyStores: 7_245_118_906n,
  user: 7_245_118_909n,
  /** A user within the client while their credentials are counted; taken after every other lock. */
  credentialCount: 7_245_118_910n,
  /** The revocation answers of a client while they are counted; the transaction locks no other row before it but the client. */
  revocationAnswers: 7_245_118_912n,
  /** The leader makes partitions of the audit log when it starts, and every minute; these two may meet. */
  auditPartitions: 7_245_118_913n,
} as const;

/**
 * The order in which every transaction locks several rows. The fair lock of a user comes before the user; that of a
 * client's policies comes before the first policy and after the users, because otherwise its holder would block them. A
 * trust-anchor set comes before the policies that name it.
 */
const LOCK_ORDER = ['client', 'user', 'policiesFairLock', 'trustSet', 'policy', 'credential'] as const;

export type Locks = { readonly [Kind in (typeof LOCK_ORDER)[number]]?: (runner: StatementRunner) => Promise<unknown> };

/** Must run inside a transaction, which releases the locks. */
export async function lockInOrder(runner: StatementRunner, locks: Locks): Promise<void> {
  for (const kind of LOCK_ORDER) await locks[kind]?.(runner);
}
