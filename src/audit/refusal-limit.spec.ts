import { expect, test } from 'vitest';

import type { Actor } from '../common/actor.js';
import { RefusalLimit } from './refusal-limit.js';

const caller = (clientExtId: string, userExtId: string): Actor => ({
  clientExtId,
  userExtId,
  permissions: new Set(),
  dataRoom: 'all',
});

test('10.1 each caller has at most ten recorded refusals a second', () => {
  const limit = new RefusalLimit();
  const admitted = (actor: Actor, at: string): number =>
    Array.from({ length: 25 }, () => limit.admits(actor, new Date(at))).filter(Boolean).length;
  expect(admitted(caller('1', 'a'), '2026-06-01T12:00:00.000Z')).toBe(10);
  expect(admitted(caller('1', 'a'), '2026-06-01T12:00:00.999Z')).toBe(0);
  expect(admitted(caller('1', 'b'), '2026-06-01T12:00:00.999Z')).toBe(10);
  expect(admitted(caller('1a', ''), '2026-06-01T12:00:00.999Z')).toBe(10);
  expect(admitted(caller('1', 'a'), '2026-06-01T12:00:01.000Z')).toBe(10);
});
