import { expect, test } from 'vitest';

import { compatibilityOf, stateOf } from './schema-state.rules.js';

const MIGRATIONS = [
  { name: 'Initial1700000000001' },
  { name: 'Folding1700000000002', breaksOlderServers: true },
  { name: 'Index1700000000003' },
];

test('the oldest compatible schema is the last one that breaks older servers', () => {
  const expected = { schema: 1700000000003, oldestSchema: 1700000000002, migratedBy: '1.2.3' };
  expect(stateOf(MIGRATIONS, '1.2.3')).toEqual(expected);
  expect(stateOf([{ name: 'Initial1700000000001' }], '1.2.3').oldestSchema).toBe(0);
});

test.each([
  [1700000000003, 'same'],
  [1700000000004, 'same'],
  [1700000000002, 'newerAndCompatible'],
  [1700000000001, 'tooNew'],
] as const)('a server that knows schema %i finds this one %s', (known, expected) => {
  expect(compatibilityOf(stateOf(MIGRATIONS, '1.2.3'), known)).toBe(expected);
});
