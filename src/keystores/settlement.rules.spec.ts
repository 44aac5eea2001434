import { describe, expect, it } from 'vitest';

import { compare, settlementOf } from './settlement.rules.js';

const DELETED = new Date('2026-06-01T12:00:00Z');
const BEFORE = new Date('2026-06-01T11:59:59.999Z');

describe('settlementOf', () => {
  it.each([
    ['a creation interrupted before the vault write', null, null, 0, [], { kind: 'unnamed', candidates: [] }],
    ['a creation interrupted after the vault write', null, null, 1, [1], { kind: 'unnamed', candidates: [1] }],
    [
      'a creation with two versions: the latest is tried first',
      null,
      null,
      2,
      [1, 2],
      { kind: 'unnamed', candidates: [2, 1] },
    ],
    [
      'a replacement without its row',
      null,
      1,
      2,
      [1, 2],
      { kind: 'named', state: 'available', restore: true, destroy: [2] },
    ],
    [
      'a later replacement that was destroyed',
      null,
      1,
      2,
      [1],
      { kind: 'named', state: 'available', restore: true, destroy: [] },
    ],
    [
      'a replacement whose old version was not destroyed',
      null,
      2,
      2,
      [1, 2],
      { kind: 'named', state: 'available', restore: false, destroy: [1] },
    ],
    ['a missing secret', null, 1, 1, [], { kind: 'named', state: 'unavailable', restore: false, destroy: [] }],
    [
      'a missing secret under a later version',
      null,
      1,
      2,
      [2],
      { kind: 'named', state: 'unavailable', restore: false, destroy: [2] },
    ],
    ['a deletion interrupted before the vault', DELETED, 1, 1, [1], { kind: 'deleted', softDelete: [1], destroy: [] }],
    ['a deletion during a replacement', DELETED, 1, 2, [1, 2], { kind: 'deleted', softDelete: [1, 2], destroy: [] }],
    ['a complete deletion', DELETED, 1, 1, [], { kind: 'deleted', softDelete: [], destroy: [] }],
  ])('L1 reconciler: %s', (_title, deletedAt, vaultVersion, current, live, expected) => {
    expect(settlementOf({ deletedAt, vaultVersion }, { current, live, softDeleted: [] }, BEFORE)).toEqual(expected);
  });

  it.each([
    ['is kept before its date', BEFORE, { kind: 'deleted', softDelete: [2], destroy: [] }],
    ['is destroyed at its date', DELETED, { kind: 'deleted', softDelete: [], destroy: [2, 1] }],
  ])('L8 the secret of a deleted key store %s', (_title, destroyUntil, expected) => {
    const held = { current: 2, live: [2], softDeleted: [1] };
    expect(settlementOf({ deletedAt: DELETED, vaultVersion: 1 }, held, destroyUntil)).toEqual(expected);
  });
});

describe('compare', () => {
  it.each([
    ['both have it', 'available', 1, 1, [1], true, { kind: 'agrees' }],
    ['neither has it', 'unavailable', null, 0, [], true, { kind: 'agrees' }],
    ['the secret is missing', 'available', 1, 1, [], true, { kind: 'changed', state: 'unavailable' }],
    ['the secret is back', 'unavailable', 1, 1, [1], true, { kind: 'changed', state: 'available' }],
    ['another version', 'available', 1, 2, [1, 2], true, { kind: 'unknownVersions' }],
    ['an earlier version that is not destroyed', 'available', 2, 2, [1, 2], true, { kind: 'unknownVersions' }],
    ['a later version that is destroyed', 'available', 1, 2, [1], true, { kind: 'unknownVersions' }],
    ['a version unknown to the row', 'unavailable', null, 1, [1], true, { kind: 'unknownVersions' }],
    ['a foreign secret', 'available', 1, 1, [1], false, { kind: 'changed', state: 'unavailable' }],
    ['still a foreign secret', 'unavailable', 1, 1, [1], false, { kind: 'agrees' }],
  ] as const)('L1 reconciler: %s', (_title, state, vaultVersion, current, live, isOwn, expected) => {
    expect(compare({ state, vaultVersion }, { current, live }, isOwn)).toEqual(expected);
  });
});
