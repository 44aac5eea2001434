import { describe, expect, it } from 'vitest';

import { isActive, type UserActivity } from './active-user.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const later = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);

describe('isActive', () => {
  it.each<[string, Partial<UserActivity>]>([
    ['ok/active without a validity', {}],
    ['ok/empty validity', { validFrom: null, validTo: null }],
    ['ok/from this instant on', { validFrom: NOW }],
    ['ok/to this instant', { validTo: NOW }],
  ])('2.6 %s', (_title, members) => {
    expect(isActive({ state: 'active', ...members }, NOW)).toBe(true);
  });

  it.each<[string, Partial<UserActivity>]>([
    ['fail/disabled', { state: 'disabled' }],
    ['fail/archived', { state: 'archived' }],
    ['fail/not yet', { validFrom: later(1) }],
    ['fail/no longer', { validTo: later(-1) }],
    ['fail/disabled inside their validity', { state: 'disabled', validFrom: later(-1), validTo: later(1) }],
  ])('2.6 %s', (_title, members) => {
    expect(isActive({ state: 'active', ...members }, NOW)).toBe(false);
  });
});
