import { describe, expect, it, test } from 'vitest';

import { outcome, production } from '../../../test/support/path-search.js';
import { authority, ecKeys, endEntity, type Issued } from '../../../test/support/signed-certificate.js';
import { findPath } from './find-path.js';
import type { PathParameters } from './path-parameters.js';
import { prepareAnchors } from './prepared-anchors.js';
import { RememberedSignatures } from './valid-signatures.js';

const root = authority('Root');
const leaf = endEntity(root);
const certificate = { sha256: Buffer.alloc(32, 1) };
const other = { sha256: Buffer.alloc(32, 2) };
const key = { id: 'key' };
const numbered = (number: number) => ({ sha256: Buffer.from([number]) });

const searchWith = (searched: Issued, anchor: Issued, parameters: Partial<PathParameters>) =>
  findPath(searched.certificate, prepareAnchors([anchor.certificate], []), { ...production, ...parameters });

/** With the signature of the leaf already remembered. */
function remembering(): Partial<PathParameters> {
  const signatures = new RememberedSignatures().of('100');
  expect(searchWith(leaf, root, { signatures }).proven).toBe(true);
  return { signatures };
}

describe('12.2 a remembered signature', () => {
  test.each([
    ['of this certificate and key is known', '100', certificate, key, true],
    ['of another certificate is not', '100', other, key, false],
    ['with another key is not', '100', certificate, { id: 'another' }, false],
    ['of another client is not', '200', certificate, key, false],
  ])('12.2 %s', (_, client, asked, by, expected) => {
    const signatures = new RememberedSignatures();
    signatures.of('100').add(certificate, key);
    expect(signatures.of(client).has(asked, by)).toBe(expected);
  });

  it('12.2 is found again by the next search, and counts in its budget like one that is checked', () => {
    const asked: boolean[] = [];
    const memory = new RememberedSignatures().of('100');
    const signatures = {
      ...memory,
      has: (...question: Parameters<typeof memory.has>) => {
        const isKnown = memory.has(...question);
        asked.push(isKnown);
        return isKnown;
      },
    };
    const costs = [1, 2].map(() => searchWith(leaf, root, { signatures }).cost);
    expect(asked).toEqual([false, true]);
    expect(costs[1]).toEqual(costs[0]);
  });

  it('12.2 that is wrong is checked again', () => {
    const memory = new RememberedSignatures();
    const namesake = authority('Root', { keys: ecKeys() });
    const plain = endEntity(root, { extensions: [] });
    const results = [1, 2].map(() => searchWith(plain, namesake, { signatures: memory.of('100') }));
    expect(results.map(outcome)).toEqual(['badSignature', 'badSignature']);
    expect(memory.size).toBe(0);
  });

  test.each<[string, Partial<PathParameters>, string]>([
    ['the time', { time: new Date('2090-01-01T00:00:00Z') }, 'expired'],
    ['the usages', { eku: ['1.2.3.4'] }, 'extendedKeyUsage'],
    [
      'what else accepts the path',
      { accept: ([first = leaf.certificate]) => ({ certificate: first, reason: 'revoked', section: '', detail: '' }) },
      'revoked',
    ],
  ])('12.1 says nothing about %s', (_, parameters, expected) => {
    expect(outcome(searchWith(leaf, root, { ...remembering(), ...parameters }))).toBe(expected);
  });
});

describe('12.2 the memory is bounded', () => {
  it('12.2 for each client: the one used longest ago makes room', () => {
    const memory = new RememberedSignatures({ maxOctets: 100, maxOctetsPerClient: 10 });
    for (let number = 0; number < 50; number += 1) memory.of('hostile').add(numbered(number), key);
    expect(memory.size).toBe(10);
    expect([39, 40].map((number) => memory.of('hostile').has(numbered(number), key))).toEqual([false, true]);
  });

  it('12.2 for all clients, and none takes the room of another', () => {
    const memory = new RememberedSignatures({ maxOctets: 12, maxOctetsPerClient: 10 });
    memory.of('other').add(certificate, key);
    for (let number = 0; number < 50; number += 1) memory.of('hostile').add(numbered(number), key);
    expect(memory.of('other').has(certificate, key)).toBe(true);
    expect(memory.size).toBeLessThanOrEqual(12);
  });
});
