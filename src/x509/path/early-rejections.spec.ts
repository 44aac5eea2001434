import { describe, expect, it } from 'vitest';

import { outcome, reasons, search } from '../../../test/support/path-search.js';
import { authority, endEntity, extensions, type Issued } from '../../../test/support/signed-certificate.js';

const root = authority('Root');
const upper = authority('Upper', { issuer: root });
const lower = authority('Lower', { issuer: upper });
const leaf = endEntity(lower);
const intermediates = [upper, lower];

const elsewhere = extensions.nameConstraints(['elsewhere.test']);
const named = (issuer: Issued) => endEntity(issuer, { and: [extensions.dnsNames('www.example.com')] });

describe('12.2 what fails under every anchor is rejected before the signature below it is checked', () => {
  it('12.2 an anchor that allows fewer intermediates', () => {
    const short = authority('Root', { keys: root.keys, pathLength: 1 });
    const result = search(leaf, { anchors: [short], intermediates });
    expect(result).toMatchObject({ reason: 'pathLength', cost: { signatureChecks: 2 } });
    expect(reasons(result)).toEqual([[short.certificate, 'pathLength']]);
    const long = authority('Root', { keys: root.keys, pathLength: 2 });
    expect(outcome(search(leaf, { anchors: [long], intermediates }))).toBe('proven');
  });

  it('12.2 a self-issued intermediate does not count against the path length', () => {
    const short = authority('Root', { keys: root.keys, pathLength: 1 });
    const rollover = authority('Upper', { issuer: upper });
    const result = search(endEntity(rollover), { anchors: [short], intermediates: [upper, rollover] });
    expect(outcome(result)).toBe('proven');
  });

  it('12.2 the first intermediate beyond their maximum number', () => {
    const result = search(leaf, { anchors: [root], intermediates, parameters: { maxIntermediates: 1 } });
    expect(result).toMatchObject({ reason: 'budget', cost: { signatureChecks: 1 } });
    expect(reasons(result)).toEqual([[upper.certificate, 'budget']]);
    expect(outcome(search(leaf, { anchors: [root], intermediates, parameters: { maxIntermediates: 2 } }))).toBe(
      'proven',
    );
  });

  it('12.2 an anchor is not counted, whoever has issued its certificate', () => {
    const result = search(leaf, { anchors: [upper], intermediates: [lower], parameters: { maxIntermediates: 1 } });
    expect(outcome(result)).toBe('proven');
  });

  it('12.2 an issuer whose constraints the leaf violates', () => {
    const constrained = authority('Root', { keys: root.keys, and: [elsewhere] });
    const result = search(named(lower), { anchors: [constrained], intermediates });
    expect(result).toMatchObject({ reason: 'nameConstraints', cost: { signatureChecks: 2 } });
    expect(reasons(result)).toEqual([[constrained.certificate, 'nameConstraints']]);
  });

  it('12.2 an issuer whose constraints an intermediate violates, unless that is self-issued', () => {
    const constrained = authority('Root', { keys: root.keys, and: [elsewhere] });
    const dnsNames = extensions.dnsNames('www.example.com');
    const violating = authority('Upper', { issuer: root, and: [dnsNames] });
    const below = endEntity(violating);
    const refused = search(below, { anchors: [constrained], intermediates: [violating] });
    expect(refused).toMatchObject({ reason: 'nameConstraints', cost: { signatureChecks: 1 } });
    const rollover = authority('Root', { issuer: constrained, signedBy: root.keys, and: [dnsNames] });
    const result = search(endEntity(rollover), { anchors: [constrained], intermediates: [rollover] });
    expect(outcome(result)).toBe('proven');
  });

  it('12.2 a self-issued leaf is not exempt', () => {
    const constrained = authority('Root', { keys: root.keys, and: [elsewhere] });
    const ownName = endEntity(constrained, { subject: 'Root', and: [extensions.dnsNames('www.example.com')] });
    const result = search(ownName, { anchors: [constrained] });
    expect(result).toMatchObject({ reason: 'nameConstraints', cost: { signatureChecks: 0 } });
  });
});

describe('12.4 a refusal by name constraints', () => {
  it.each([
    ['(b)', 'A name is within no permitted subtree.', extensions.nameConstraints(['elsewhere.test'])],
    ['(c)', 'A name is within an excluded subtree.', extensions.nameConstraints([], ['example.com'])],
  ])('12.4 cites 6.1.3 %s: %s', (step, detail, constraints) => {
    const constrained = authority('Root', { keys: root.keys, and: [constraints] });
    const result = search(named(constrained), { anchors: [constrained] });
    expect(result).toMatchObject({ reason: 'nameConstraints', section: `RFC 5280 section 6.1.3 ${step}`, detail });
  });

  it('12.2 that would take too many comparisons is one by the budget', () => {
    const bases = Array.from({ length: 600 }, (_, index) => `elsewhere${index}.test`);
    const constrained = authority('Root', { keys: root.keys, and: [extensions.nameConstraints([], bases)] });
    const names = Array.from({ length: 600 }, (_, index) => `www${index}.example.com`);
    const many = endEntity(constrained, { and: [extensions.dnsNames(...names)] });
    const result = search(many, { anchors: [constrained] });
    expect(result).toMatchObject({ reason: 'budget', cost: { nameComparisons: 250_000 } });
    expect(reasons(result)).toEqual([[constrained.certificate, 'budget']]);
  });
});

describe('12.1 a valid path that the caller rejects', () => {
  const rejection = { reason: 'badSignature', section: 'RFC 5280 section 6.3', detail: 'It is revoked.' } as const;

  it.each([
    ['names the certificate that the caller names', upper],
    ['names the leaf if the caller names a certificate that is not in the path', authority('Stranger')],
  ])('12.1 %s', (_, { certificate }) => {
    const accept = () => ({ ...rejection, certificate });
    const result = search(leaf, { anchors: [root], intermediates, parameters: { accept } });
    const rejected = certificate === upper.certificate ? certificate : leaf.certificate;
    expect(result).toMatchObject({ proven: false, detail: 'It is revoked.' });
    expect(result).not.toHaveProperty('certificate');
    expect(reasons(result)).toEqual([[rejected, 'badSignature']]);
  });
});
