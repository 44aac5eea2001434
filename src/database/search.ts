import type { QueryResultRow } from 'pg';

import { appError } from '../common/errors.js';
import { isTimeout } from './database-error.js';
import { clientOf, type Database, type Statement } from './database.js';

export interface Search {
  readonly statement: Statement;
  readonly values: readonly unknown[];
  /** Whether no index keeps it short, so that it has a budget of time (contract 8.3). */
  readonly limited: boolean;
}

/** Of what is limited. */
const BUDGET_MS = 2_000;

/** A limited search is given up when its time is over. */
export async function search<Row extends QueryResultRow>(
  database: Database,
  { statement, values, limited }: Search,
): Promise<Row[]> {
  if (!limited) return await database.run<Row>(statement, values);
  const clientExtId = clientOf(values);
  try {
    return await database.transaction(
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
