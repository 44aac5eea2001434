import { afterAll, beforeAll, expect, test } from 'vitest';

import { problemsOf, SettingsFolder } from '../../test/support/settings-folder.js';
import { Environment } from './environment.js';
import { readWorkers, settingsOfWorker } from './worker-settings.js';

let folder: SettingsFolder;

beforeAll(() => {
  folder = new SettingsFolder();
});

afterAll(() => folder.remove());

test.each([
  { more: {}, workers: 1, poolSize: 10, ofWorker: { maxConnections: 1000, poolSize: 10 } },
  {
    more: { WORKERS: '1', DATABASE_POOL: '1' },
    workers: 1,
    poolSize: 1,
    ofWorker: { maxConnections: 1000, poolSize: 1 },
  },
  { more: { WORKERS: '2' }, workers: 2, poolSize: 10, ofWorker: { maxConnections: 500, poolSize: 5 } },
  { more: { WORKERS: '3' }, workers: 3, poolSize: 15, ofWorker: { maxConnections: 334, poolSize: 5 } },
  { more: { WORKERS: '8' }, workers: 8, poolSize: 40, ofWorker: { maxConnections: 125, poolSize: 5 } },
  {
    more: { WORKERS: '4', DATABASE_POOL: '11', MAX_CONNECTIONS: '10' },
    workers: 4,
    poolSize: 11,
    ofWorker: { maxConnections: 3, poolSize: 2 },
  },
])('$more: each worker gets its part', ({ more, workers, poolSize, ofWorker }) => {
  const settings = folder.production(more as Readonly<Record<string, string>>);
  expect(settings).toMatchObject({ workers, database: { poolSize } });
  const { maxConnections, database } = settingsOfWorker(settings);
  expect({ maxConnections, poolSize: database.poolSize }).toEqual(ofWorker);
});

test.each([
  [1, 1],
  [2, 2],
  [64, 64],
  [128, 64],
])('auto on %i cores is %i workers', (cores, expected) => {
  expect(readWorkers(new Environment({ WORKERS: 'auto' }), cores)).toBe(expected);
});

test.each(['0', '65', '1.5', '-1', 'all', 'AUTO'])('WORKERS=%s is refused', (WORKERS) => {
  expect(problemsOf(() => folder.production({ WORKERS }))).toEqual([
    '  - WORKERS must be a whole number from 1 to 64, or auto.',
  ]);
});

test('a pool that leaves a worker fewer than two connections is refused', () => {
  expect(problemsOf(() => folder.production({ WORKERS: '4', DATABASE_POOL: '7' }))).toEqual([
    '  - DATABASE_POOL is 7, too small for 4 workers: each needs 2 connections.',
  ]);
  expect(problemsOf(() => folder.production({ WORKERS: '4', DATABASE_POOL: '8' }))).toEqual([]);
});
