import type { QueryResultRow } from 'pg';

import type { Statement, StatementRunner, Transactions } from '../database/database.js';

/**
 * Lets code that opens transactions of its own run inside the one that is open. After an error PostgreSQL refuses every
 * further statement of it, so that what is then read, such as the other values that are taken, is read outside.
 */
export class JoinedTransaction implements StatementRunner, Transactions {
  private hasFailed = false;

  constructor(
    private readonly runner: StatementRunner,
    private readonly outside: StatementRunner,
  ) {}

  async run<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    if (this.hasFailed) return await this.outside.run<Row>(statement, values);
    try {
      return await this.runner.run<Row>(statement, values);
    } catch (error) {
      this.hasFailed = true;
      throw error;
    }
  }

  async transaction<Result>(_: string, work: (runner: StatementRunner) => Promise<Result>): Promise<Result> {
    return await work(this);
  }
}
