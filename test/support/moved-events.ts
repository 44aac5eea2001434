import { vi } from 'vitest';

import { AuditLogUpkeep } from '../../src/audit/audit-log-upkeep.js';
import { Leader } from '../../src/database/leader.js';
import type { TestApp } from './app.js';

/** Whether events wait in a table of their own to be moved to their partitions. */
export async function isBeingMoved({ dataSource }: TestApp): Promise<boolean> {
  const [row] = await dataSource.query<[{ exists: boolean }]>(
    `select to_regclass('audit_events_unpartitioned') is not null as exists`,
  );
  return row.exists;
}

/** One after the other until the work is done, each with its number. */
export async function beside(
  work: Promise<void>,
  calls: readonly ((number: number) => Promise<void>)[],
): Promise<void> {
  const state = { isDone: false };
  const done = work.finally(() => (state.isDone = true));
  const loops = calls.map(async (call) => {
    for (let number = 0; !state.isDone; number += 1) await call(number);
  });
  await Promise.all([done, ...loops]);
}

/**
 * Breaks off after the first transaction, continues, breaks off after the second one, and so on: after each batch, too.
 * Returns the number of interruptions.
 */
export async function moveWithInterruptions(app: TestApp, afterEach: () => Promise<void>): Promise<number> {
  const leader = app.get(Leader);
  const transaction = leader.transaction.bind(leader);
  let interruptions = 0;
  for (let allowed = 1; await isBeingMoved(app); allowed += 1) {
    let left = allowed;
    const spy = vi.spyOn(leader, 'transaction');
    spy.mockImplementation(async (...args: Parameters<typeof transaction>) => {
      if (left === 0) throw new Error('interrupted');
      left -= 1;
      return await transaction(...args);
    });
    const run = app.get(AuditLogUpkeep).run();
    await run.catch((error: unknown) => {
      if ((error as Error).message !== 'interrupted') throw error;
      interruptions += 1;
    });
    spy.mockRestore();
    await afterEach();
  }
  return interruptions;
}
