import type { QueryResultRow } from 'pg';

import { appError } from '../common/errors.js';
import { isTimeout } from './database-error.js';
import type { Database, Statement } from './database.js';

/** Contract 8.3, for what no index finds. */
const BUDGET_MS = 2_000;

/** Runs a search that may have to look at everything, and gives it up when its time is over. */
export async function limitedSearch<Row extends QueryResultRow>(
  database: Database,
  statement: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  try {
    return await database.transaction(async (runner) => await runner.run<Row>(statement, values), BUDGET_MS);
  } catch (error) {
    if (!isTimeout(error)) throw error;
    throw appError(
      { code: 'errors.tooManySearchResults', message: 'The search took too long. Filter by an indexed member.' },
      { cause: error },
    );
  }
}
