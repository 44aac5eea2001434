import { describe, expect, it, test } from 'vitest';

import { authority, ecKeys, endEntity, extensions, type Issued } from '../../../test/support/signed-certificate.js';
import { Budget } from './budget.js';
import { PathChecks } from './path-checks.js';
import { type PathParameters, productionParameters } from './path-parameters.js';
import { PreparedCertificate } from './prepared-certificate.js';
import { validatePath } from './validate-path.js';

const production = productionParameters(new Date('2026-06-01T00:00:00Z'));

/** `path`: from leaf to anchor, as the search gives it. */
function validate(path: readonly Issued[], parameters: Partial<PathParameters> = {}): string {
  const prepared = path.map(
    ({ certificate }, index) => new PreparedCertificate(certificate, index === path.length - 1),
  );
  const result = validatePath(prepared, new PathChecks({ ...production, ...parameters }, new Budget()));
  return result.valid ? 'valid' : `${result.problem.reason} of ${prepared.indexOf(result.certificate)}`;
}

const root = authority('Root');
const upper = authority('Upper', { issuer: root });
const lower = authority('Lower', { issuer: upper });
const leaf = endEntity(lower);

describe('12.1 a path is validated whole, whoever found it', () => {
  it('12.1 a path whose every step holds is valid', () => {
    expect(validate([leaf, lower, upper, root])).toBe('valid');
  });

  it('12.1 every certificate names the one above as its issuer', () => {
    expect(validate([leaf, upper, root])).toBe('issuerNotFound of 0');
    expect(validate([leaf, lower, root])).toBe('issuerNotFound of 1');
  });

  it('12.1 every signature was made with the key above', () => {
    const forged = endEntity(lower, { signedBy: ecKeys() });
    expect(validate([forged, lower, upper, root])).toBe('badSignature of 0');
    const otherUpper = authority('Upper', { issuer: root });
    expect(validate([leaf, lower, otherUpper, root])).toBe('badSignature of 1');
    const corrupt = endEntity(lower, { corruptSignature: true });
    expect(validate([corrupt, lower, upper, root])).toBe('badSignature of 0');
  });

  it('12.1 the key of an anchor that is not self-signed starts the path', () => {
    expect(validate([leaf, lower, upper])).toBe('valid');
  });

  it('12.1 a path without a certificate below the anchor, or without an anchor, is a mistake of the caller', () => {
    expect(() => validate([root])).toThrow(TypeError);
    expect(() => validate([])).toThrow(TypeError);
    const prepared = [leaf, root].map(({ certificate }) => new PreparedCertificate(certificate, false));
    expect(() => validatePath(prepared, new PathChecks(production, new Budget()))).toThrow(TypeError);
  });

  test.each([
    ['leaf', 0],
    ['intermediate', 1],
    ['anchor', 2],
  ])('12.1 an expired %s', (_, expired) => {
    const notAfter = (index: number) => (index === expired ? { notAfter: '260531000000Z' } : {});
    const anchor = authority('Root', notAfter(2));
    const issuer = authority('Issuer', { issuer: anchor, ...notAfter(1) });
    expect(validate([endEntity(issuer, notAfter(0)), issuer, anchor])).toBe(`expired of ${expired}`);
  });
});

const pathWith = (lengths: readonly (number | undefined)[]): Issued[] => {
  const issuers: Issued[] = [];
  for (const [index, limit] of lengths.entries()) {
    const [issuer] = issuers;
    issuers.unshift(
      authority(`CA ${index}`, {
        ...(issuer === undefined ? {} : { issuer }),
        ...(limit === undefined ? {} : { pathLength: limit }),
      }),
    );
  }
  const [last = root] = issuers;
  return [endEntity(last), ...issuers];
};

describe('12.1 path length', () => {
  test.each([
    [[0], 'valid'],
    [[undefined, 0], 'valid'],
    [[undefined, 0, undefined], 'pathLength of 1'],
    [[0, undefined], 'pathLength of 1'],
    [[1, undefined], 'valid'],
    [[1, 5, undefined], 'pathLength of 1'],
    [[5, 0, undefined], 'pathLength of 1'],
    [[2, 1, 0], 'valid'],
    [[2, 2, 0, undefined], 'pathLength of 1'],
  ])('12.1 with the limits %j from the anchor down: %s', (limits, expected) => {
    expect(validate(pathWith(limits))).toBe(expected);
  });

  it('12.1 neither the leaf nor a self-issued certificate counts', () => {
    const anchor = authority('Root', { pathLength: 0 });
    const rollover = authority('Root', { issuer: anchor });
    const ca = authority('CA', { issuer: rollover });
    expect(validate([ca, rollover, anchor], { leafKeyUsage: [] })).toBe('valid');
    expect(validate([endEntity(ca), ca, rollover, anchor])).toBe('pathLength of 1');
  });

  it('12.2 more intermediates than are allowed', () => {
    expect(validate([leaf, lower, upper, root], { maxIntermediates: 2 })).toBe('valid');
    expect(validate([leaf, lower, upper, root], { maxIntermediates: 1 })).toBe('budget of 1');
  });
});

const host = (name: string) => extensions.dnsNames(name);

const only = (name: string) => extensions.nameConstraints([name]);

describe('12.1 name constraints', () => {
  it('11.2 of the anchor hold for all below', () => {
    const anchor = authority('Root', { and: [only('example.com')] });
    expect(validate([endEntity(anchor, { and: [host('a.example.com')] }), anchor])).toBe('valid');
    expect(validate([endEntity(anchor, { and: [host('example.org')] }), anchor])).toBe('nameConstraints of 0');
  });

  it('12.1 hold for intermediates too, and narrow on the way down', () => {
    const wide = authority('Wide', { issuer: root, and: [only('example.com')] });
    const narrow = authority('Narrow', { issuer: wide, and: [only('a.example.com')] });
    expect(validate([endEntity(narrow, { and: [host('x.a.example.com')] }), narrow, wide, root])).toBe('valid');
    expect(validate([endEntity(narrow, { and: [host('b.example.com')] }), narrow, wide, root])).toBe(
      'nameConstraints of 0',
    );
    const outside = authority('Outside', { issuer: wide, and: [host('example.org')] });
    expect(validate([endEntity(outside), outside, wide, root])).toBe('nameConstraints of 1');
  });

  it('12.1 what is excluded above stays excluded below', () => {
    const above = authority('Above', { issuer: root, and: [extensions.nameConstraints([], ['a.example.com'])] });
    const below = authority('Below', { issuer: above, and: [only('example.com')] });
    expect(validate([endEntity(below, { and: [host('a.example.com')] }), below, above, root])).toBe(
      'nameConstraints of 0',
    );
  });

  it('12.1 a self-issued certificate is exempt, unless it is the last', () => {
    const anchor = authority('Root', { and: [only('example.com')] });
    const rollover = authority('Root', { issuer: anchor, and: [host('example.org')] });
    expect(validate([endEntity(rollover), rollover, anchor])).toBe('valid');
    expect(validate([rollover, anchor], { leafKeyUsage: [] })).toBe('nameConstraints of 0');
  });
});

const accepting = (policy: string) => ({ initialPolicySet: new Set([policy]), initialExplicitPolicy: true });

const many = (from: number) => Array.from({ length: 250 }, (_, index) => `1.2.4.${from + index}`);

describe('12.1 policies', () => {
  const [gold, silver] = ['1.2.3.1', '1.2.3.2'];

  it('12.1 an explicit policy that is required holds for every certificate below the anchor', () => {
    const strict = authority('Strict', {
      issuer: root,
      and: [extensions.policies(gold), extensions.requireExplicitPolicy(0)],
    });
    expect(validate([endEntity(strict, { and: [extensions.policies(gold)] }), strict, root])).toBe('valid');
    expect(validate([endEntity(strict, { and: [extensions.policies(silver)] }), strict, root])).toBe('policy of 0');
    expect(validate([endEntity(strict), strict, root])).toBe('policy of 0');
  });

  it('12.6 the initial policies that the caller accepts', () => {
    const issuer = authority('Issuer', { issuer: root, and: [extensions.policies(gold)] });
    const path = [endEntity(issuer, { and: [extensions.policies(gold)] }), issuer, root];
    expect(validate(path, accepting(gold))).toBe('valid');
    expect(validate(path, accepting(silver))).toBe('policy of 0');
  });

  it('12.2 more policies than the budget allows are refused', () => {
    const anyPolicy = '2.5.29.32.0';
    const chain = [root];
    for (let depth = 1; depth <= 8; depth += 1) {
      const policies = extensions.policies(anyPolicy, ...many(depth * 1000));
      chain.unshift(authority(`CA ${depth}`, { issuer: chain[0] ?? root, and: [policies] }));
    }
    const [issuer = root] = chain;
    expect(validate([endEntity(issuer), ...chain])).toMatch(/^budget of /);
  });
});
