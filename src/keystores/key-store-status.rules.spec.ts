import { expect, it } from 'vitest';

import { destroyedIfDeletedUntil, statusOf, viewOf } from './key-store-status.rules.js';
import type { KeyStoreRow } from './key-store.table.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const EARLIER = new Date('2026-06-01T11:59:59.999Z');
const LATER = new Date('2026-06-01T12:00:00.001Z');

it.each([
  ['in database and vault', 'available', LATER, 'available'],
  ['missing in the vault', 'unavailable', LATER, 'unavailable'],
  ['creation unfinished', 'pending', LATER, 'unavailable'],
  ['deleted', 'available', LATER, 'unavailable', NOW],
  ['at notAfter', 'available', NOW, 'available'],
  ['past notAfter', 'available', EARLIER, 'expired'],
  ['past notAfter and missing in the vault', 'unavailable', EARLIER, 'expired'],
  ['past notAfter and deleted', 'available', EARLIER, 'expired', NOW],
] as const)('L1 status: %s', (_title, state, expires, expected, deletedAt: Date | null = null) => {
  expect(statusOf({ state, expires, deletedAt }, NOW)).toBe(expected);
});

it('L8 secrets are destroyed the days of retention after the deletion', () => {
  expect(destroyedIfDeletedUntil(NOW, 30)).toEqual(new Date('2026-05-02T12:00:00Z'));
  expect(destroyedIfDeletedUntil(NOW, 0)).toEqual(NOW);
});

const ROW = {
  clientExtId: '100',
  id: 7,
  name: 'mail',
  displayName: null,
  state: 'available',
  expires: LATER,
  deletedAt: null,
  secretDestroyedAt: null,
} as unknown as KeyStoreRow;
const DELETED = new Date('2026-05-31T12:00:00Z');
const VIEW = { accountId: '100', id: 7, name: 'mail', displayName: 'mail', status: 'available', expires: LATER };

it.each<[string, Partial<KeyStoreRow>, object]>([
  ['without a display name, which is then the name', {}, { ...VIEW, deleted: false, retention: undefined }],
  [
    'with a display name',
    { displayName: 'Mail' },
    { ...VIEW, displayName: 'Mail', deleted: false, retention: undefined },
  ],
  [
    'deleted, its secret kept for the days of retention',
    { deletedAt: DELETED },
    {
      ...VIEW,
      status: 'unavailable',
      deleted: true,
      retention: { destroyed: false, until: new Date('2026-06-30T12:00:00Z') },
    },
  ],
  [
    'deleted, its secret destroyed',
    { deletedAt: DELETED, secretDestroyedAt: NOW },
    { ...VIEW, status: 'unavailable', deleted: true, retention: { destroyed: true, until: NOW } },
  ],
])('L1, L8 a key store %s', (_title, columns, expected) => {
  expect(viewOf({ ...ROW, ...columns }, NOW, 30)).toEqual(expected);
});
