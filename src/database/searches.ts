import { availableParallelism } from 'node:os';

import type { QueryResultRow } from 'pg';

import { appError } from '../common/errors.js';
import { FairSlots } from '../common/fair-slots.js';
import { partOfWorker } from '../common/part-of-worker.js';
import { isTimeout } from './database-error.js';
import { clientOf, type Database, type Statement } from './database.js';

export interface Search {
  readonly statement: Statement;
  readonly values: readonly unknown[];
  /**
   * Whether the search may be slow, because no index covers it or because it may find many rows that must be sorted: it
   * then has a time limit (contract 8.3) and needs a slot.
   */
  readonly limited: boolean;
}

/** Time limit of such a search, not counting waits for a slot or a connection. */
const SEARCH_TIMEOUT_MS = 2_000;

/**
 * PostgreSQL's number of cores is unknown. If it runs on this machine, half of them are left for other work. There are
 * at least two slots, of which a client can use one: a search may take two seconds, and another client's search can run
 * at the same time.
 */
const MIN_CONCURRENCY = 2;
const CONCURRENCY = Math.max(MIN_CONCURRENCY, Math.min(4, Math.floor(availableParallelism() / 2)));

/** A client never has more than its share, even if no one else waits. */
const WAITING = { share: 1, maxWaiting: 100, maxWaitingPerKey: 20, waitMs: 10_000 };

/** Runs lists that may have to read all data of a client. */
export class Searches {
  readonly queue: FairSlots;

  /** `workers`: the number of processes that search. */
  constructor(
    private readonly database: Database,
    workers = 1,
  ) {
    const slots = partOfWorker(CONCURRENCY, workers, MIN_CONCURRENCY);
    this.queue = new FairSlots({ ...WAITING, slots, reserved: slots - 1 }, 'unindexed searches', 2);
  }

  /**
   * A search with a time limit is cancelled when the time is over.
   *
   * @param signal - of the caller; the search is not started if it is aborted while waiting
   */
  async run<Row extends QueryResultRow>(search: Search, signal: AbortSignal | undefined): Promise<Row[]> {
    const { statement, values, limited } = search;
    if (!limited) return await this.database.lists.run<Row>(statement, values);
    const clientExtId = clientOf(values);
    return await this.queue.run(
      clientExtId,
      signal,
      async () => await this.runWithTimeout<Row>(clientExtId, statement, values),
    );
  }

  private async runWithTimeout<Row extends QueryResultRow>(
    clientExtId: string,
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    try {
      return await this.database.anywhere(
        async (database) =>
          await database.transaction(
            clientExtId,
            async (runner) => await runner.run<Row>(statement, values),
            SEARCH_TIMEOUT_MS,
          ),
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
