import type { Response } from 'express';
import { expect, test } from 'vitest';

import type { BackgroundDatabase } from './database/database.js';
import { HealthController } from './health.controller.js';
import type { SecretVault } from './vault/secret-vault.js';

test('however many ask at once, database and vault are asked once, and the next time again', async () => {
  const asked: ((isUp: boolean) => void)[] = [];
  const ask = async (): Promise<boolean> => await new Promise<boolean>((resolve) => asked.push(resolve));
  const health = new HealthController({ isReady: ask } as BackgroundDatabase, { isReachable: ask } as SecretVault);
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
