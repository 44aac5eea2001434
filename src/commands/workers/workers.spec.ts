import { join } from 'node:path';

import { expect, test } from 'vitest';

import { TestScheduler } from '../../../test/support/scheduler.js';
import { MAX_SILENT_CHECKS } from './hanging-worker.rules.js';
import { Workers } from './workers.js';

const PROGRAM = join(import.meta.dirname, '../../../test/support/short-lived-worker.mjs');

interface Observed {
  readonly workers: Workers;
  readonly scheduler: TestScheduler;
  readonly announced: string[];
  readonly pauses: number[];
  readonly failed: Promise<unknown>;
  /** Resolves when this many pauses have begun; the last of them never ends. */
  readonly paused: Promise<void>;
}

function observe(databaseUrls: readonly string[], maxPauses: number): Observed {
  const announced: string[] = [];
  const pauses: number[] = [];
  const scheduler = new TestScheduler();
  const urls = [...databaseUrls];
  const failure = Promise.withResolvers<unknown>();
  const paused = Promise.withResolvers<void>();
  const workers = new Workers({
    count: 1,
    planOf: () => ({
      databaseUrl: urls.shift() ?? 'some',
      tls: undefined,
      sockets: { plain: [], tls: [] },
      program: PROGRAM,
      startMs: 60_000,
    }),
    events: { onOutput: () => undefined, onCollected: () => undefined, onAsked: () => undefined },
    announce: (line) => announced.push(line),
    scheduler,
    drainMs: 0,
    onFailure: failure.resolve,
    onEnded: () => undefined,
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
      if (pauses.length < maxPauses) return;
      paused.resolve();
      await new Promise(() => undefined);
    },
  });
  return { workers, scheduler, announced, pauses, failed: failure.promise, paused: paused.promise };
}

test('a worker that keeps ending is replaced at once at first, and then less and less often', async () => {
  const { workers, announced, pauses, paused } = observe([], 8);
  await workers.start();
  await paused;
  expect(pauses).toEqual([0, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
  expect(announced).toHaveLength(8);
  expect(announced[0]).toMatch(/^Worker 1 \(process \d+\) has ended: exit code 3\. It is being replaced\.$/);
  expect(workers.replaced).toBe(7);
  await workers.end();
});

test('a worker of which nothing has been heard for long is killed and replaced', async () => {
  const { workers, scheduler, announced, paused } = observe(['silent'], 1);
  await workers.start();
  const [silent] = workers.all;
  for (let check = 1; check <= MAX_SILENT_CHECKS; check += 1) await scheduler.runAll();
  await paused;
  expect(announced).toEqual([
    `Worker 1 (process ${silent?.pid}) has ended: its event loop had not turned for 30 s, so it was killed. If nobody has ` +
      'stopped the process and the machine has memory left, please report this with the log before it. It is being replaced.',
  ]);
  await workers.end();
});

test('the server ends with the message of the worker if none is left, and none can be started', async () => {
  const { workers, failed } = observe(['some', 'none'], 8);
  await workers.start();
  expect(await failed).toMatchObject({ name: 'StartError', message: 'There is no database.' });
  await workers.end();
});

test('a first worker that cannot start ends the start with its message', async () => {
  const { workers, announced } = observe(['none'], 8);
  await expect(workers.start()).rejects.toThrow('There is no database.');
  expect(announced).toEqual([]);
  await workers.end();
});
