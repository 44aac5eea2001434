import { describe, expect, it, test } from 'vitest';

import { outcome, production, search } from '../../../test/support/path-search.js';
import { authority, ecKeys, endEntity, type Issued } from '../../../test/support/signed-certificate.js';
import { findPath } from './find-path.js';
import { prepareAnchors } from './prepared-anchors.js';

const root = authority('Root');
const intermediate = authority('Intermediate', { issuer: root });
const leaf = endEntity(intermediate);

const chain = (length: number): Issued[] => {
  const list = [root];
  for (let index = 1; index <= length; index += 1) list.push(authority(`CA ${index}`, { issuer: list.at(-1) ?? root }));
  return list;
};

describe('12.2 bounds', () => {
  test.each([
    [8, 'proven'],
    [9, 'budget'],
  ])('12.2 with %i intermediates the path is %s', (length, expected) => {
    const [, ...intermediates] = chain(length);
    const last = intermediates.at(-1) ?? root;
    const result = search(endEntity(last), { anchors: [root], intermediates });
    expect(outcome(result)).toBe(expected);
  });

  it('12.1 self-issued intermediates are not counted', () => {
    const rollover = authority('Intermediate', { issuer: intermediate });
    const result = search(endEntity(rollover), {
      anchors: [root],
      intermediates: [intermediate, rollover],
      parameters: { maxIntermediates: 1 },
    });
    expect(outcome(result)).toBe('proven');
  });

  it('12.2 33 certificates with the name of the issuer: the last is not tried', () => {
    const namesakes = Array.from({ length: 32 }, () =>
      authority('Intermediate', { issuer: root, notAfter: '450101000000Z' }),
    );
    const plain = endEntity(intermediate, { extensions: [] });
    const result = search(plain, { anchors: [root], intermediates: [...namesakes, intermediate] });
    expect(result).toMatchObject({
      reason: 'budget',
      section: 'RFC 5280 section 6.1',
      detail: 'More certificates have the name of its issuer than are tried.',
      cost: { candidates: 32, signatureChecks: 32 },
    });
    const [, ...without] = namesakes;
    expect(outcome(search(plain, { anchors: [root], intermediates: [...without, intermediate] }))).toBe('proven');
  });

  it('12.2 200 CAs of one name that sign each other end by the budget', () => {
    const list = [authority('Mesh')];
    for (let index = 1; index < 200; index += 1) list.push(authority('Mesh', { issuer: list.at(-1) ?? root, and: [] }));
    const unidentified = endEntity(list.at(-1) ?? root, { extensions: [] });
    const result = search(unidentified, { anchors: [root], intermediates: list });
    expect(result.proven).toBe(false);
    expect(result.cost.signatureChecks).toBeLessThanOrEqual(256);
  });

  it('12.2 200 cross-certificates among 14 CAs end by the budget, without an anchor', () => {
    const keys = Array.from({ length: 14 }, () => ecKeys());
    const roots = keys.map((own, index) => authority(`CA ${index}`, { keys: own }));
    const mesh = roots.flatMap((issuer) =>
      keys
        .map((own, index) => authority(`CA ${index}`, { keys: own, issuer }))
        .filter((one) => one.keys !== issuer.keys),
    );
    const [first = root] = roots;
    const result = search(endEntity(first), { anchors: [root], intermediates: mesh });
    expect(result).toMatchObject({
      reason: 'budget',
      section: 'RFC 5280 section 6.1',
      detail: 'The search took more steps than are allowed.',
    });
    expect(result.cost.candidates).toBeLessThanOrEqual(8192);
    const entry = authority('CA 13', { keys: keys[13] ?? ecKeys(), issuer: root });
    const found = search(endEntity(first), { anchors: [root], intermediates: [...mesh, entry] });
    expect(outcome(found)).toBe('proven');
  });

  it('12.2 signatures of the set that were checked for one leaf are not checked again for another', () => {
    const set = prepareAnchors([root.certificate], [intermediate.certificate]);
    expect(findPath(leaf.certificate, set, production).cost.signatureChecks).toBe(2);
    expect(findPath(endEntity(intermediate).certificate, set, production).cost.signatureChecks).toBe(1);
  });
});

describe('12.4 the refusal says', () => {
  it('12.4 that the path has more intermediates than are allowed', () => {
    expect(
      search(leaf, { anchors: [root], intermediates: [intermediate], parameters: { maxIntermediates: 0 } }),
    ).toMatchObject({
      reason: 'budget',
      section: 'RFC 5280 section 6.1.2 (k)',
      detail: 'The path has more intermediates than are allowed.',
    });
  });

  it('12.4 that there are more intermediates than a path length allows', () => {
    const short = authority('Short', { pathLength: 0 });
    const below = authority('Below', { issuer: short });
    expect(search(endEntity(below), { anchors: [short], intermediates: [below] })).toMatchObject({
      reason: 'pathLength',
      section: 'RFC 5280 section 6.1.4 (l)',
      detail: 'There are more intermediates below it than its path length allows.',
    });
  });

  it('12.4 that the set has no issuer', () => {
    expect(search(leaf, { anchors: [root] })).toMatchObject({
      reason: 'issuerNotFound',
      section: 'RFC 5280 section 6.1.3 (a)(4)',
      detail: 'No certificate of the set has the name of its issuer.',
    });
  });
});
