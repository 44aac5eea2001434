import { expect, it } from 'vitest';

import { statusOf } from './key-store-status.rules.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const LATER = new Date('2026-06-01T12:00:00.001Z');

it.each([
  ['both stores hold it', 'available', LATER, 'available'],
  ['the vault lacks it', 'unavailable', LATER, 'unavailable'],
  ['its creation has not ended', 'pending', LATER, 'unavailable'],
  ['it was deleted', 'available', LATER, 'unavailable', NOW],
  ['past notAfter', 'available', NOW, 'expired'],
  ['past notAfter wins over a vault that lacks it', 'unavailable', NOW, 'expired'],
] as const)('L1 status: %s', (_title, state, expires, expected, deletedAt: Date | null = null) => {
  expect(statusOf({ state, expires, deletedAt }, NOW)).toBe(expected);
});
