import { describe, expect, it } from 'vitest';

import { compare, settlementOf } from './settlement.rules.js';

const DELETED = new Date('2026-06-01T12:00:00Z');

describe('settlementOf', () => {
  it.each([
    ['a creation that ended before the vault', null, null, [], { kind: 'unnamed', candidates: [] }],
    ['a creation that ended after it', null, null, [1], { kind: 'unnamed', candidates: [1] }],
    ['the latest is tried first', null, null, [1, 2], { kind: 'unnamed', candidates: [2, 1] }],
    ['a replacement that never got its row', null, 1, [1, 2], { kind: 'named', state: 'available', destroy: [2] }],
    ['a replacement whose old version stayed', null, 2, [1, 2], { kind: 'named', state: 'available', destroy: [1] }],
    ['a secret that is gone', null, 1, [], { kind: 'named', state: 'unavailable', destroy: [] }],
    ['a deletion that ended before the vault', DELETED, 1, [1], { kind: 'deleted', softDelete: [1] }],
    ['a deletion during a replacement', DELETED, 1, [1, 2], { kind: 'deleted', softDelete: [1, 2] }],
    ['a deletion that has ended', DELETED, 1, [], { kind: 'deleted', softDelete: [] }],
  ])('L1 reconciler: %s', (_title, deletedAt, vaultVersion, live, expected) => {
    expect(settlementOf({ deletedAt, vaultVersion }, live)).toEqual(expected);
  });
});

describe('compare', () => {
  it.each([
    ['both have it', 'available', 1, [1], { kind: 'agrees' }],
    ['neither has it', 'unavailable', null, [], { kind: 'agrees' }],
    ['it vanished', 'available', 1, [], { kind: 'changed', state: 'unavailable' }],
    ['it came back', 'unavailable', 1, [1], { kind: 'changed', state: 'available' }],
    ['another version', 'available', 1, [1, 2], { kind: 'unknownVersions' }],
    ['a version that the row never heard of', 'unavailable', null, [1], { kind: 'unknownVersions' }],
  ] as const)('L1 reconciler: %s', (_title, state, vaultVersion, live, expected) => {
    expect(compare({ state, vaultVersion }, live)).toEqual(expected);
  });
});
