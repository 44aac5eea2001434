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

test('11.1 what its own client used longest ago makes room', () => {
  const sets = new ReadTrustSets({ maxOctets: 4 * der.length, maxOctetsPerClient: 2 * der.length });
  for (const version of [1, 2]) sets.of(row({ version }));
  sets.known(row({ version: 1 }));
  sets.of(row({ version: 3 }));
  expect([1, 2, 3].map((version) => sets.known(row({ version })) !== undefined)).toEqual([true, false, true]);
});

test('11.1 no client can drop the sets of the others', () => {
  const sets = new ReadTrustSets({ maxOctets: 3 * der.length, maxOctetsPerClient: 2 * der.length });
  const other = sets.of(row({ clientExtId: '200' }));
  for (let version = 1; version <= 10; version += 1) sets.of(row({ version }));
  expect(sets.known(row({ clientExtId: '200' }))).toBe(other);
});

test('11.3 the set of a policy is known for this version of the policy, and to its client only', () => {
  const sets = new ReadTrustSets();
  const policy = { policyGeneration: 'p-1', policyVersion: 1, evaluationVersion: 1 };
  const kept = sets.keepForPolicy(policy, sets.of(row()));
  expect(sets.ofPolicy('100', policy)).toEqual(kept);
  expect(sets.ofPolicy('100', { ...policy, evaluationVersion: 2 })).toBeUndefined();
  expect(sets.ofPolicy('200', policy)).toBeUndefined();
});

test('11.1 what is only shown is not kept', () => {
  const sets = new ReadTrustSets();
  const shown = sets.certificatesOf(row());
  expect(shown.anchors.map((certificate) => certificate?.der)).toEqual([der]);
  expect(sets.known(row())).toBeUndefined();
});

test('11.2 a stored certificate that cannot be read throws, rather than to leave an anchor out; it can be shown', () => {
  const sets = new ReadTrustSets();
  const unreadable = row({ anchors: [Buffer.from('x'), der] });
  expect(() => sets.of(unreadable)).toThrow('cannot be read');
  expect(sets.certificatesOf(unreadable).anchors.map((certificate) => certificate !== undefined)).toEqual([
    false,
    true,
  ]);
});
