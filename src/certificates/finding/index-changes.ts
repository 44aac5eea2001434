import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../../common/logger.token.js';
import { BackgroundDatabase } from '../../database/database.js';
import { CANCEL_INDEX_CHANGE } from './search-indexes.queries.js';

const WITHOUT_LIMITS = 'set statement_timeout = 0; set lock_timeout = 0';
const WITH_LIMITS = 'reset statement_timeout; reset lock_timeout';

/** Statements on indexes that take as long as they take, beside requests. */
@Injectable()
export class IndexChanges {
  constructor(
    private readonly database: BackgroundDatabase,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Each statement alone, because `concurrently` must not run in a transaction. A server that ends cancels it. */
  async run(ending: AbortSignal, ...statements: readonly string[]): Promise<void> {
    await this.database.connections.use('', async (connection) => {
      const [session] = (await connection.query<{ pid: number }>('select pg_backend_pid() as pid')).rows;
      const cancel = (): void => {
        CANCEL_INDEX_CHANGE.all(this.database, { pid: session?.pid ?? 0 }).catch((error: unknown) => {
          this.logger.warn({ err: error }, 'the change of an index could not be cancelled');
        });
      };
      ending.addEventListener('abort', cancel, { once: true });
      try {
        await connection.query(WITHOUT_LIMITS);
        for (const statement of statements) {
          if (!ending.aborted) await connection.query(statement);
        }
      } catch (error) {
        if (!ending.aborted) throw error;
      } finally {
        ending.removeEventListener('abort', cancel);
        // Settings of a broken connection are lost anyway.
        await connection.query(WITH_LIMITS).catch(() => undefined);
      }
    });
  }
}
