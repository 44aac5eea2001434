import { expect, it } from 'vitest';

import { statusOf } from './key-store-status.rules.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const LATER = new Date('2026-06-01T12:00:00.001Z');

it.each([
  ['in database and vault', 'available', LATER, 'available'],
  ['missing in the vault', 'unavailable', LATER, 'unavailable'],
  ['creation unfinished', 'pending', LATER, 'unavailable'],
  ['deleted', 'available', LATER, 'unavailable', NOW],
  ['past notAfter', 'available', NOW, 'expired'],
  ['past notAfter and missing in the vault', 'unavailable', NOW, 'expired'],
] as const)('L1 status: %s', (_title, state, expires, expected, deletedAt: Date | null = null) => {
  expect(statusOf({ state, expires, deletedAt }, NOW)).toBe(expected);
});
