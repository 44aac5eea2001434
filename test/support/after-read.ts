import { vi } from 'vitest';

import type { StatementRunner } from '../../src/database/database.js';

/** Runs `work` once, between this statement and what follows from it; until `vi.restoreAllMocks`. */
export function afterRead(database: StatementRunner, name: string, work: () => Promise<unknown>): void {
  const run = database.run.bind(database);
  let isDone = false;
  vi.spyOn(database, 'run').mockImplementation(async (statement, values) => {
    const rows = await run(statement, values);
    if (statement.name === name && !isDone) {
      isDone = true;
      await work();
    }
    return rows as never;
  });
}
