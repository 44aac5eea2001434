import { describe, expect, it, test } from 'vitest';

import {
  authority,
  type AuthorityRequest,
  ecKeys,
  endEntity,
  extensions,
  type Issued,
  keyIdentifier,
  SERVER_AUTH,
} from '../../../test/support/signed-certificate.js';
import { findPath } from './find-path.js';
import { type PathParameters, productionParameters } from './path-parameters.js';
import type { PathResult } from './path-result.js';
import { prepareAnchors } from './prepared-anchors.js';

const TIME = new Date('2026-06-01T00:00:00Z');
const production = productionParameters(TIME);

interface Setup {
  readonly anchors: readonly Issued[];
  readonly intermediates?: readonly Issued[];
  readonly parameters?: Partial<PathParameters>;
}

const certificates = (list: readonly Issued[]) => list.map(({ certificate }) => certificate);

function search(leaf: Issued, { anchors, intermediates = [], parameters = {} }: Setup): PathResult {
  const set = prepareAnchors(certificates(anchors), certificates(intermediates));
  return findPath(leaf.certificate, set, { ...production, ...parameters });
}

const outcome = (result: PathResult) => (result.proven ? 'proven' : result.reason);
const reasons = (result: PathResult) =>
  result.proven ? [] : result.attempt.rejections.map(({ certificate, reason }) => [certificate, reason]);

const root = authority('Root');
const intermediate = authority('Intermediate', { issuer: root });
const leaf = endEntity(intermediate);

describe('12.1 a path is proven', () => {
  it('12.1 from the leaf to the anchor, whose certificates are named in that order', () => {
    const result = search(leaf, { anchors: [root], intermediates: [intermediate] });
    expect(result).toMatchObject({
      proven: true,
      path: [leaf.certificate, intermediate.certificate, root.certificate],
      findings: [],
      cost: { signatureChecks: 2, candidates: 2 },
    });
  });

  it('11.2 from an anchor that is not self-signed', () => {
    expect(search(leaf, { anchors: [intermediate] })).toMatchObject({
      proven: true,
      path: [leaf.certificate, intermediate.certificate],
    });
  });

  it('11.2 from an anchor of version 1 that names itself as its issuer', () => {
    const old = authority('Old Root', { version: 1, extensions: undefined });
    expect(outcome(search(endEntity(old), { anchors: [old] }))).toBe('proven');
  });

  it('12.1 if the leaf is a CA itself', () => {
    const ca = authority('CA', { issuer: root, and: [] });
    expect(outcome(search(ca, { anchors: [root], parameters: { leafKeyUsage: [] } }))).toBe('proven');
  });

  it('12.1 if the leaf is among the intermediates too', () => {
    const result = search(leaf, { anchors: [root], intermediates: [leaf, intermediate] });
    expect(result).toMatchObject({
      proven: true,
      path: [leaf.certificate, intermediate.certificate, root.certificate],
    });
  });

  it('12.1 if certificates are listed twice, or as anchor and as intermediate', () => {
    const result = search(leaf, {
      anchors: [root, root],
      intermediates: [intermediate, root, intermediate],
    });
    expect(result).toMatchObject({ proven: true, cost: { signatureChecks: 2 } });
  });

  it('12.1 if issuers are found by names that are equal by RFC 5280 section 7.1', () => {
    const child = authority('  INTERMEDIATE ', { keys: intermediate.keys, issuer: root });
    expect(outcome(search(leaf, { anchors: [root], intermediates: [child] }))).toBe('proven');
  });
});

describe('12.1 names and keys', () => {
  it('12.1 one of two anchors with the same name and different keys is found by its signature', () => {
    const namesake = authority('Root');
    for (const anchors of [
      [root, namesake],
      [namesake, root],
    ]) {
      const result = search(leaf, { anchors, intermediates: [intermediate] });
      expect(result).toMatchObject({
        proven: true,
        path: [leaf.certificate, intermediate.certificate, root.certificate],
      });
    }
  });

  it('12.1 a CA of the right name with another key proves nothing', () => {
    const namesake = authority('Intermediate', { issuer: root });
    const result = search(leaf, { anchors: [root], intermediates: [namesake] });
    expect(outcome(result)).toBe('badSignature');
    expect(reasons(result)).toEqual([[namesake.certificate, 'badSignature']]);
  });

  it('12.2 the key identifier decides who is tried first, and nothing else', () => {
    const namesakes = Array.from({ length: 10 }, () => authority('Intermediate', { issuer: root }));
    const intermediates = [...namesakes, intermediate];
    expect(search(leaf, { anchors: [root], intermediates })).toMatchObject({ cost: { signatureChecks: 2 } });
    const misleading = endEntity(intermediate, {
      extensions: [extensions.authorityKeyIdentifier(keyIdentifier(ecKeys()))],
    });
    expect(search(misleading, { anchors: [root], intermediates })).toMatchObject({ proven: true });
  });

  it('12.2 valid certificates are tried before others, and newer ones before older ones', () => {
    const renewed = (request: AuthorityRequest) =>
      authority('Intermediate', { issuer: root, keys: intermediate.keys, ...request });
    const expired = renewed({ notAfter: '250101000000Z' });
    const older = renewed({ notAfter: '300101000000Z' });
    const result = search(leaf, { anchors: [root], intermediates: [expired, older, intermediate] });
    expect(result).toMatchObject({ path: [leaf.certificate, intermediate.certificate, root.certificate] });
  });
});

describe('12.2 the whole graph is searched', () => {
  it('12.2 a way that an expired cross-certificate blocks does not hide the other one', () => {
    const otherRoot = authority('Other Root');
    const expired = authority('Root', { issuer: otherRoot, keys: root.keys, notAfter: '250101000000Z' });
    const result = search(leaf, { anchors: [root, otherRoot], intermediates: [expired, intermediate] });
    expect(result).toMatchObject({
      proven: true,
      path: [leaf.certificate, intermediate.certificate, root.certificate],
    });
  });

  it('12.2 a way on which names are constrained does not hide the other one', () => {
    const named = endEntity(intermediate, { and: [extensions.dnsNames('host.example.com')] });
    const constrained = authority('Intermediate', {
      issuer: root,
      keys: intermediate.keys,
      notAfter: '450101000000Z',
      and: [extensions.nameConstraints(['example.org'])],
    });
    const result = search(named, { anchors: [root], intermediates: [constrained, intermediate] });
    expect(result).toMatchObject({
      proven: true,
      path: [named.certificate, intermediate.certificate, root.certificate],
    });
  });

  it('12.2 a path that only the policies refuse does not hide the other one', () => {
    const strict = authority('Intermediate', {
      issuer: root,
      keys: intermediate.keys,
      notAfter: '450101000000Z',
      and: [extensions.requireExplicitPolicy(0)],
    });
    const result = search(leaf, { anchors: [root], intermediates: [strict, intermediate] });
    expect(result).toMatchObject({
      proven: true,
      path: [leaf.certificate, intermediate.certificate, root.certificate],
    });
  });

  it('13.3 a path that the caller does not accept does not hide the other one', () => {
    const other = authority('Intermediate', { issuer: root, keys: intermediate.keys });
    const asked: number[] = [];
    const result = search(leaf, {
      anchors: [root],
      intermediates: [other, intermediate],
      parameters: {
        accept: (path) => {
          asked.push(path.length);
          const [, issuer] = path;
          return issuer === other.certificate
            ? { certificate: other.certificate, reason: 'expired', section: 'none', detail: 'none' }
            : undefined;
        },
      },
    });
    expect(result).toMatchObject({
      proven: true,
      path: [leaf.certificate, intermediate.certificate, root.certificate],
    });
    expect(new Set(asked)).toEqual(new Set([3]));
  });

  it('12.2 two CAs that certify each other are no path', () => {
    const [keysA, keysB] = [ecKeys(), ecKeys()];
    const a = authority('A', { keys: keysA, issuer: authority('B', { keys: keysB }) });
    const b = authority('B', { keys: keysB, issuer: a });
    const result = search(endEntity(a), { anchors: [root], intermediates: [a, b] });
    expect(outcome(result)).toBe('issuerNotFound');
    expect(result.cost.candidates).toBeLessThan(5);
  });

  it('12.2 a way out of a cycle is found', () => {
    const [keysA, keysB] = [ecKeys(), ecKeys()];
    const a = authority('A', { keys: keysA, issuer: authority('B', { keys: keysB }) });
    const b = authority('B', { keys: keysB, issuer: a });
    const bByRoot = authority('B', { keys: keysB, issuer: root });
    const result = search(endEntity(a), { anchors: [root], intermediates: [a, b, bByRoot] });
    expect(result).toMatchObject({ proven: true, path: { length: 4 } });
  });
});

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
    expect(outcome(result)).toBe('budget');
    expect(result.cost).toMatchObject({ candidates: 32, signatureChecks: 32 });
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
    expect(outcome(result)).toBe('budget');
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

describe('12.4 a refusal names the best attempt', () => {
  it('12.4 where no certificate has the name of the issuer', () => {
    const result = search(leaf, { anchors: [root] });
    expect(result).toMatchObject({
      proven: false,
      reason: 'issuerNotFound',
      section: 'RFC 5280 section 6.1.3 (a)(4)',
      attempt: { certificates: [leaf.certificate], rejections: [{ certificate: leaf.certificate }] },
    });
  });

  it('12.4 the longest way, although another certificate with the name has another key', () => {
    const namesake = authority('Intermediate', { issuer: root });
    const stranger = authority('Stranger');
    const deep = authority('Deep', { issuer: authority('Lost', { issuer: stranger }) });
    const result = search(endEntity(deep), { anchors: [namesake], intermediates: [deep] });
    expect(result).toMatchObject({ reason: 'issuerNotFound', attempt: { certificates: { length: 2 } } });
  });

  it('12.4 an anchor that was rejected, before a longer way that leads nowhere', () => {
    const keys = ecKeys();
    const expired = authority('Top', { keys, notAfter: '250101000000Z' });
    const top = authority('Top', { keys, issuer: authority('Lost') });
    const result = search(endEntity(expired), { anchors: [expired], intermediates: [top] });
    expect(outcome(result)).toBe('expired');
    expect(reasons(result)).toEqual([
      [top.certificate, 'issuerNotFound'],
      [expired.certificate, 'expired'],
    ]);
  });

  it('12.4 a complete path that the policies refuse, before all others', () => {
    const strict = authority('Root', { keys: root.keys, and: [] });
    const result = search(leaf, {
      anchors: [strict],
      intermediates: [intermediate],
      parameters: { initialExplicitPolicy: true },
    });
    expect(result).toMatchObject({
      reason: 'policy',
      attempt: { certificates: [leaf.certificate, intermediate.certificate, strict.certificate] },
    });
  });

  it('12.4 a certificate that is rejected in many paths for one reason is listed once', () => {
    const expired = authority('Root', { keys: root.keys, notAfter: '250101000000Z' });
    const twins = [intermediate, authority('Intermediate', { issuer: root, keys: intermediate.keys })];
    const result = search(leaf, { anchors: [expired], intermediates: twins });
    expect(reasons(result)).toEqual([[expired.certificate, 'expired']]);
  });

  it('12.4 a leaf that fails by itself costs no search', () => {
    const server = endEntity(intermediate, { extensions: [extensions.extendedKeyUsage(SERVER_AUTH)] });
    const result = search(server, { anchors: [root], intermediates: [intermediate] });
    expect(outcome(result)).toBe('extendedKeyUsage');
    expect(result.cost).toMatchObject({ candidates: 0, signatureChecks: 0 });
  });
});
