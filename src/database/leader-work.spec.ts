import { type Logger, pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';

import { TestScheduler } from '../../test/support/scheduler.js';
import { LeaderWork } from './leader-work.js';
import { NotLeaderError } from './leader.js';

let now: number;
let lines: { readonly msg: string; readonly failures?: number }[];
let scheduler: TestScheduler;
let work: LeaderWork;

beforeEach(() => {
  now = 0;
  lines = [];
  scheduler = new TestScheduler();
  const logger: Logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[0]) });
  work = new LeaderWork(scheduler, logger, () => now);
});

async function fail(error: Error = new Error('no database')): Promise<void> {
  work.every({ pauseMs: 100, failure: 'it failed' }, async () => await Promise.reject(error));
  await scheduler.runAll();
}

describe('work of the leader that fails', () => {
  it('is logged at once, and while it goes on failing every ten seconds, with the number of failures', async () => {
    await fail();
    for (now = 100; now < 10_000; now += 100) await scheduler.runAll();
    expect(lines.map(({ msg, failures }) => [msg, failures])).toEqual([['it failed', undefined]]);
    await scheduler.runAll();
    expect(lines.map(({ failures }) => failures)).toEqual([undefined, 100]);
  });

  it('is logged each time where it runs once a minute', async () => {
    work.every({ pauseMs: 60_000, failure: 'it failed' }, async () => await Promise.reject(new Error('no database')));
    await scheduler.runAll();
    await scheduler.runAll();
    expect(lines.map(({ failures }) => failures)).toEqual([undefined, undefined]);
  });

  it('is not logged if another server has become the leader', async () => {
    await fail(new NotLeaderError());
    expect(lines).toEqual([]);
  });

  it('does not keep other work out of the log', async () => {
    await fail();
    work.every(
      { pauseMs: 100, failure: 'the other one failed' },
      async () => await Promise.reject(new Error('defect')),
    );
    await scheduler.runAll();
    expect(lines.map(({ msg }) => msg)).toEqual(['it failed', 'the other one failed']);
  });
});
