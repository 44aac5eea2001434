import { expect, it } from 'vitest';

import { statusOf } from './key-store-status.rules.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const LATER = new Date('2026-06-01T12:00:00.001Z');

it.each([
  ['both stores hold it', 'available', LATER, 'available'],
  ['the vault lacks it', 'unavailable', LATER, 'unavailable'],
  ['its creation has not ended', 'pending', LATER, 'unavailable'],
  ['past notAfter', 'available', NOW, 'expired'],
  ['past notAfter wins over a vault that lacks it', 'unavailable', NOW, 'expired'],
] as const)('L1 status: %s', (_title, state, expires, expected) => {
  expect(statusOf({ state, expires }, NOW)).toBe(expected);
});
