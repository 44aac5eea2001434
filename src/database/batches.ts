import type { StatementRunner } from './database.js';
import type { Leader } from './leader.js';

/**
 * Repeats a statement that changes at most `maximum` rows, each time in a transaction of the leader, until it has changed
 * fewer or the server ends.
 *
 * @param change - returns how many rows it has changed
 */
export async function inBatches(
  leader: Leader,
  maximum: number,
  ending: AbortSignal,
  change: (runner: StatementRunner) => Promise<number | undefined>,
): Promise<void> {
  while (!ending.aborted && (await leader.transaction('', change)) === maximum);
}
