import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

import type { PoolClient } from 'pg';
import { expect, test } from 'vitest';

import { SharedConnections } from './shared-connections.js';

const never = async (): Promise<never> => await new Promise<never>(() => undefined);

test('a read that fails before it is sent does not make an older one on its connection look new', async () => {
  let opened = 0;
  let now = 0;
  const connect = (): Promise<PoolClient> => {
    opened += 1;
    return Promise.resolve({ connection: { stream: new PassThrough() } } as unknown as PoolClient);
  };
  const shared = new SharedConnections(connect, () => now);
  const use = async (work: () => Promise<never>): Promise<never> => await shared.use(work, () => false);
  for (let read = 1; read <= 2; read += 1) void use(never);
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
  now = 1;
  await expect(use(async () => await Promise.reject(new Error('cannot be sent')))).rejects.toThrow('cannot be sent');
  expect(opened).toBe(2);
  now = 2;
  void use(never);
  expect(opened).toBe(3);
});
