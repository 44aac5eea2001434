import { describe, expect, it } from 'vitest';

import { outcome, reasons, search } from '../../../test/support/path-search.js';
import {
  authority,
  type AuthorityRequest,
  ecKeys,
  endEntity,
  extensions,
  keyIdentifier,
} from '../../../test/support/signed-certificate.js';

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
    expect(result).toMatchObject({
      reason: 'badSignature',
      section: 'RFC 5280 section 6.1.3 (a)(1)',
      detail: 'Its signature was not made with the key of this issuer.',
    });
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
