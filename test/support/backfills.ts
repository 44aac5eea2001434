import { vi } from 'vitest';

import { Leader } from '../../src/database/leader.js';
import type { TestApp } from './app.js';

/** Servers of one database that fill the columns of existing rows, as the leader of them does. */
export class Backfills {
  constructor(private readonly servers: readonly [TestApp, TestApp]) {}

  /** They look again, and none of them is the leader. */
  async lookAgain(): Promise<void> {
    vi.restoreAllMocks();
    for (const { clock } of this.servers) clock.advance(3_600_001);
    await Promise.all(this.servers.map(async (server) => await server.get(Leader).giveBack()));
  }

  /** Runs `before` each transaction of the leader, with the number of those that came before. */
  beforeEachBatch(server: TestApp, before: (batch: number) => Promise<void> | void): void {
    const leader = server.get(Leader);
    const transaction = leader.transaction.bind(leader);
    let batch = 0;
    vi.spyOn(leader, 'transaction').mockImplementation(async (...args: Parameters<typeof transaction>) => {
      await before(batch);
      batch += 1;
      return await transaction(...args);
    });
  }

  async countEvents(): Promise<number> {
    const [{ dataSource }] = this.servers;
    const count = 'select count(*)::integer as count from audit_events';
    const [row] = await dataSource.query<[{ count: number }]>(count);
    return row.count;
  }

  async metric(name: string, server = this.servers[0]): Promise<string | undefined> {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    return new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
  }
}
