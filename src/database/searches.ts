import { availableParallelism } from 'node:os';

import type { QueryResultRow } from 'pg';

import { appError } from '../common/errors.js';
import { FairSlots } from '../common/fair-slots.js';
import { isTimeout } from './database-error.js';
import { clientOf, type Database, type Statement } from './database.js';

export interface Search {
  readonly statement: Statement;
  readonly values: readonly unknown[];
  /** Whether no index keeps it short, so that it has a budget of time (contract 8.3), and waits for its turn. */
  readonly limited: boolean;
}

/** Of what is limited; waiting for a turn or a connection does not count. */
const BUDGET_MS = 2_000;

/**
 * PostgreSQL's cores are not known; where they are this machine's, half of them are left to everything else. Two at
 * least, of which one client has one: a search may take two seconds, in which another client's goes on beside it.
 */
const AT_ONCE = Math.max(2, Math.min(4, Math.floor(availableParallelism() / 2)));

const LIMITS = {
  slots: AT_ONCE,
  share: 1,
  // None has more than its share, even where nobody waits.
  reserved: AT_ONCE - 1,
  maxWaiting: 100,
  maxWaitingPerKey: 20,
  waitMs: 10_000,
};

/** Lists that may have to read all that a client has. */
export class Searches {
  readonly queue = new FairSlots(LIMITS, 'unindexed searches', 2);

  constructor(private readonly database: Database) {}

  /**
   * A limited search is given up when its time is over.
   *
   * @param signal - of the caller; a search whose caller has left while it was waiting is not begun.
   */
  async run<Row extends QueryResultRow>(search: Search, signal: AbortSignal | undefined): Promise<Row[]> {
    const { statement, values, limited } = search;
    if (!limited) return await this.database.pages.run<Row>(statement, values);
    const clientExtId = clientOf(values);
    return await this.queue.run(
      clientExtId,
      signal,
      async () => await this.runWithinBudget<Row>(clientExtId, statement, values),
    );
  }

  private async runWithinBudget<Row extends QueryResultRow>(
    clientExtId: string,
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    try {
      return await this.database.transaction(
        clientExtId,
        async (runner) => await runner.run<Row>(statement, values),
        BUDGET_MS,
      );
    } catch (error) {
      if (!isTimeout(error)) throw error;
      throw appError(
        { code: 'errors.tooManySearchResults', message: 'The search took too long. Filter by an indexed member.' },
        { cause: error },
      );
    }
  }
}
