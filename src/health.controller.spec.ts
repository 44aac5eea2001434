import type { Response } from 'express';
import { expect, test } from 'vitest';

import type { FirstKeys } from './auth/first-keys.js';
import type { BackgroundDatabase } from './database/database.js';
import type { ReplicaWatch } from './database/replica-watch.js';
import { Draining } from './draining.js';
import { HealthController } from './health.controller.js';
import type { SecretVault } from './vault/secret-vault.js';

test('concurrent requests share one check of database and vault, and later requests check again', async () => {
  const asked: ((isUp: boolean) => void)[] = [];
  const ask = async (): Promise<boolean> => await new Promise<boolean>((resolve) => asked.push(resolve));
  const health = new HealthController(
    { isReady: ask } as BackgroundDatabase,
    { isReachable: ask } as SecretVault,
    new Draining(),
    { areLoaded: undefined } as FirstKeys,
    { isUp: undefined } as ReplicaWatch,
  );
  const statuses: number[] = [];
  const response = { status: (code: number) => statuses.push(code) } as unknown as Response;

  const first = [health.ready(response), health.ready(response), health.ready(response)];
  expect(asked).toHaveLength(2);
  for (const answer of asked.splice(0)) answer(true);
  const up = { status: 'up', parts: { database: 'up', vault: 'up' } };
  expect(await Promise.all(first)).toEqual([up, up, up]);

  const second = health.ready(response);
  expect(asked).toHaveLength(2);
  asked[0]?.(false);
  asked[1]?.(true);
  expect(await second).toEqual({ status: 'down', parts: { database: 'down', vault: 'up' } });
  expect(statuses).toEqual([200, 200, 200, 503]);
});

const isUp = (): Promise<boolean> => Promise.resolve(true);

test('a draining server is not ready, whatever its components report', async () => {
  const draining = new Draining();
  await draining.begin(0);
  const statuses: number[] = [];
  const response = { status: (code: number) => statuses.push(code) } as unknown as Response;
  const health = new HealthController(
    { isReady: isUp } as BackgroundDatabase,
    { isReachable: isUp } as SecretVault,
    draining,
    { areLoaded: undefined } as FirstKeys,
    { isUp: undefined } as ReplicaWatch,
  );
  const answer = await health.ready(response);
  expect(answer).toEqual({ status: 'down', parts: { database: 'up', vault: 'up' } });
  expect(statuses).toEqual([503]);
});
