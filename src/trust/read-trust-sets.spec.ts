import { beforeAll, expect, test } from 'vitest';

import { testAuthority } from '../../test/support/pki.js';
import { ReadTrustSets } from './read-trust-sets.js';
import type { TrustSetRow } from './trust-set.table.js';

let der: Buffer;

beforeAll(async () => {
  ({ der } = await testAuthority());
});

const row = (members: Partial<TrustSetRow> = {}): TrustSetRow => ({
  clientExtId: '100',
  extId: 'set-1',
  generation: 'g-1',
  name: 'Corporate',
  description: null,
  anchors: [der],
  intermediates: [],
  version: 1,
  created: new Date(0),
  lastModified: new Date(0),
  ...members,
});

test('11.2 a version of a set is parsed once', () => {
  const sets = new ReadTrustSets();
  const set = sets.of(row());
  expect(set.anchors.map((certificate) => certificate.der)).toEqual([der]);
  expect([sets.of(row()), sets.known(row())]).toEqual([set, set]);
  expect(sets.of(row())).toBe(set);
});

test.each<[string, Partial<TrustSetRow>]>([
  ['another client', { clientExtId: '200' }],
  ['another extId', { extId: 'set-2' }],
  ['another generation', { generation: 'g-2' }],
  ['another version', { version: 2 }],
])('11.3 %s has a set of its own', (_, members) => {
  const sets = new ReadTrustSets();
  sets.of(row());
  expect(sets.known(row(members))).toBeUndefined();
});

test('11.1 what was used longest ago makes room', () => {
  const sets = new ReadTrustSets(2 * der.length);
  for (const version of [1, 2]) sets.of(row({ version }));
  sets.known(row({ version: 1 }));
  sets.of(row({ version: 3 }));
  expect([1, 2, 3].map((version) => sets.known(row({ version })) !== undefined)).toEqual([true, false, true]);
});

test('11.2 a stored certificate that cannot be read throws, rather than to leave an anchor out', () => {
  expect(() => new ReadTrustSets().of(row({ anchors: [Buffer.from('x')] }))).toThrow('does not parse');
});
