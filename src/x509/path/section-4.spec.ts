import { describe, expect, it, test } from 'vitest';

import { extension, hex, sequence, tlv } from '../../../test/support/der.js';
import {
  authority,
  type AuthorityRequest,
  ecKeys,
  endEntity,
  extensions,
  type Issued,
  keyIdentifier,
} from '../../../test/support/signed-certificate.js';
import { findPath } from './find-path.js';
import { type PathParameters, productionParameters } from './path-parameters.js';
import { prepareAnchors } from './prepared-anchors.js';

const production = productionParameters(new Date('2026-06-01T00:00:00Z'));
const section4: PathParameters = { ...production, profile: 'section4' };

const root = authority('Root');
const { basicConstraints, keyUsage, subjectKeyIdentifier, authorityKeyIdentifier, nameConstraints } = extensions;

const own = ecKeys();
const ca = (...list: readonly Buffer[]): AuthorityRequest => ({ keys: own, extensions: list });
const identified = [subjectKeyIdentifier(keyIdentifier(own)), authorityKeyIdentifier(keyIdentifier(root.keys))];
const usage = keyUsage('keyCertSign');

/** [what is wrong, section, certificate]. */
const ofIntermediates: readonly [string, string, AuthorityRequest][] = [
  ['no authority key identifier', '4.2.1.1', ca(basicConstraints(true), usage, subjectKeyIdentifier(hex('01')))],
  [
    'an authority key identifier without the key identifier',
    '4.2.1.1',
    ca(basicConstraints(true), usage, subjectKeyIdentifier(hex('01')), extension('2.5.29.35', sequence())),
  ],
  [
    'a critical authority key identifier',
    '4.2.1.1',
    ca(basicConstraints(true), usage, subjectKeyIdentifier(hex('01')), authorityKeyIdentifier(hex('01'), true)),
  ],
  ['no subject key identifier', '4.2.1.2', ca(basicConstraints(true), usage, authorityKeyIdentifier(hex('01')))],
  [
    'a critical subject key identifier',
    '4.2.1.2',
    ca(basicConstraints(true), usage, subjectKeyIdentifier(hex('01'), true), authorityKeyIdentifier(hex('01'))),
  ],
  [
    'basic constraints that are not critical',
    '4.2.1.9',
    ca(basicConstraints(true, undefined, false), usage, ...identified),
  ],
  ['a path length without keyCertSign', '4.2.1.9', ca(basicConstraints(true, 3), ...identified)],
  ['name constraints that are not critical', '4.2.1.10', { and: [nameConstraints(['example.com'], [], false)] }],
  [
    'policy constraints that are not critical',
    '4.2.1.11',
    { and: [extension('2.5.29.36', sequence(tlv(0x80, hex('05'))))] },
  ],
  ['a serial number of zero', '4.1.2.2', { serialNumber: hex('00') }],
  ['a serial number of 21 octets', '4.1.2.2', { serialNumber: Buffer.alloc(21, 1) }],
];

const ofLeaves: readonly [string, string, AuthorityRequest][] = [
  [
    'keyCertSign without being a CA',
    '4.2.1.3',
    { extensions: [authorityKeyIdentifier(hex('01')), keyUsage('digitalSignature', 'keyCertSign')] },
  ],
  ['a DNS name with an underscore', '4.2.1.6', { and: [extensions.dnsNames('a_b.example.com')] }],
  ['a DNS name that ends with a hyphen', '4.2.1.6', { and: [extensions.dnsNames('a-.example.com')] }],
  ['a DNS name with an empty label', '4.2.1.6', { and: [extensions.dnsNames('a..example.com')] }],
  [
    'a DNS name of more than 253 characters',
    '4.2.1.6',
    { and: [extensions.dnsNames(`${'a'.repeat(49)}.`.repeat(6).slice(0, -1))] },
  ],
  ['a DNS name with a label that begins with a hyphen', '4.2.1.6', { and: [extensions.dnsNames('-a.example.com')] }],
  ['a DNS name with a label of 64 characters', '4.2.1.6', { and: [extensions.dnsNames('a'.repeat(64))] }],
  ['name constraints without being a CA', '4.2.1.10', { and: [nameConstraints(['example.com'])] }],
  [
    'an empty subject and names that are not critical',
    '4.1.2.6',
    { subject: sequence(), and: [extensions.dnsNames('example.com')] },
  ],
  ['a negative serial number', '4.1.2.2', { serialNumber: hex('ff') }],
  ['a date before 2050 as GeneralizedTime', '4.1.2.5', { notAfter: '20300101000000Z' }],
];

function run(leaf: Issued, intermediates: readonly Issued[], parameters: PathParameters, anchor = root) {
  const set = prepareAnchors(
    [anchor.certificate],
    intermediates.map(({ certificate }) => certificate),
  );
  return findPath(leaf.certificate, set, parameters);
}

function expectRefused(leaf: Issued, intermediates: readonly Issued[], wrong: Issued, section: string): void {
  const cited = `RFC 5280 section ${section}`;
  expect(run(leaf, intermediates, section4)).toMatchObject({ proven: false, reason: 'profile', section: cited });
  const { certificate } = wrong;
  expect(run(leaf, intermediates, production)).toMatchObject({
    proven: true,
    findings: expect.arrayContaining([expect.objectContaining({ certificate, section: cited })]) as unknown,
  });
}

describe('12.6 section4 refuses what production lists as a finding', () => {
  test.each(ofIntermediates)('12.6 an intermediate with %s [%s]', (_, section, request) => {
    const issuer = authority('Issuer', { issuer: root, ...request });
    const leaf = endEntity(issuer);
    expectRefused(leaf, [issuer], issuer, section);
  });

  test.each(ofLeaves)('12.6 a leaf with %s [%s]', (_, section, request) => {
    const leaf = endEntity(root, request);
    expectRefused(leaf, [], leaf, section);
  });
});

const selfSigned = (request: AuthorityRequest) =>
  authority('Self', { ...ca(basicConstraints(true), usage, subjectKeyIdentifier(keyIdentifier(own))), ...request });

describe('12.6 section4 accepts', () => {
  it('12.6 certificates that conform', () => {
    const issuer = authority('Issuer', { issuer: root, pathLength: 0, and: [nameConstraints(['example.com'])] });
    const leaf = endEntity(issuer, { and: [extensions.dnsNames('*.example.com', 'xn--bcher-kva.example.com')] });
    expect(run(leaf, [issuer], section4)).toMatchObject({ proven: true, findings: [] });
  });

  it('12.6 an anchor with the serial number zero, as old roots have', () => {
    const old = authority('Old Root', { serialNumber: hex('00') });
    expect(run(endEntity(old), [], section4, old)).toMatchObject({ proven: true, findings: [] });
  });

  it('12.6 a self-signed certificate without authority key identifier, whatever it names as its issuer', () => {
    for (const anchor of [selfSigned({}), selfSigned({ issuerName: 'Somebody' })]) {
      expect(run(endEntity(anchor), [], section4, anchor)).toMatchObject({ proven: true });
    }
  });

  it('12.6 but not one that another key signed', () => {
    const anchor = selfSigned({ signedBy: ecKeys() });
    expect(run(endEntity(anchor), [], section4, anchor)).toMatchObject({ section: 'RFC 5280 section 4.2.1.1' });
  });

  it('12.6 nor a self-signed certificate with two identifiers for its key', () => {
    const anchor = authority(
      'Self',
      ca(basicConstraints(true), usage, subjectKeyIdentifier(hex('01')), authorityKeyIdentifier(hex('02'))),
    );
    expect(run(endEntity(anchor), [], section4, anchor)).toMatchObject({ section: 'RFC 5280 section 4.2.1.2' });
  });

  it('12.6 a DNS name of 253 characters with a label of 63, and names of other forms', () => {
    const labels = `${'a'.repeat(63)}.`.repeat(3);
    const names = [labels + 'a'.repeat(61), 'a'.repeat(63)].map((name) => tlv(0x82, Buffer.from(name)));
    const leaf = endEntity(root, {
      and: [extension('2.5.29.17', sequence(...names, tlv(0x81, Buffer.from('a_b@c_d'))))],
    });
    expect(run(leaf, [], section4)).toMatchObject({ proven: true, findings: [] });
  });
});

const wrong = (issuer: AuthorityRequest): Issued => authority('Issuer', { issuer: root, ...issuer });

describe('12.6 a finding says', () => {
  test.each([
    ['It does not identify the key of its issuer.', ca(basicConstraints(true), usage, subjectKeyIdentifier(hex('01')))],
    [
      'Its authorityKeyIdentifier has no key identifier.',
      ca(basicConstraints(true), usage, subjectKeyIdentifier(hex('01')), extension('2.5.29.35', sequence())),
    ],
    [
      'It is a CA without a subjectKeyIdentifier.',
      ca(basicConstraints(true), usage, authorityKeyIdentifier(hex('01'))),
    ],
    [
      'It is a CA, but its basic constraints are not critical.',
      ca(basicConstraints(true, undefined, false), usage, ...identified),
    ],
    [
      'It limits the length of a path, but its key usage does not include keyCertSign.',
      ca(basicConstraints(true, 3), ...identified),
    ],
  ])('12.6 of an intermediate: %s', (detail, request) => {
    const issuer = wrong(request);
    expect(run(endEntity(issuer), [issuer], section4)).toMatchObject({ reason: 'profile', detail });
  });

  test.each([
    [
      'It is no CA, but its key usage includes keyCertSign.',
      { extensions: [authorityKeyIdentifier(hex('01')), keyUsage('digitalSignature', 'keyCertSign')] },
    ],
    ['A DNS name is not in the preferred name syntax.', { and: [extensions.dnsNames('a_b.example.com')] }],
    ['It is no CA, but constrains names.', { and: [nameConstraints(['example.com'])] }],
    ['serialNumber: It is negative.', { serialNumber: hex('ff') }],
  ])('12.6 of a leaf: %s', (detail, request) => {
    expect(run(endEntity(root, request), [], section4)).toMatchObject({ reason: 'profile', detail });
  });

  it('12.6 nothing about a CA whose length of a path is not limited and that has no key usage', () => {
    const issuer = wrong(ca(basicConstraints(true), ...identified));
    expect(run(endEntity(issuer), [issuer], section4)).toMatchObject({ proven: true });
  });
});

test('12.6 a finding of one part keeps its section, with the name of the part before its sentence', () => {
  const leaf = endEntity(root, { notAfter: '20300101000000Z' });
  expect(run(leaf, [], production)).toMatchObject({
    findings: [{ section: 'RFC 5280 section 4.1.2.5', detail: expect.stringMatching(/^validity: [A-Z]/) as string }],
  });
});

describe('12.6 production lists every violation, in the order of the sections', () => {
  it('12.6 of an intermediate', () => {
    const issuer = wrong(ca(basicConstraints(true, 3, false)));
    const result = run(endEntity(issuer), [issuer], production);
    const sections = result.proven
      ? result.findings.map(({ section }) => section.replace('RFC 5280 section ', ''))
      : [];
    expect(sections).toEqual(expect.arrayContaining(['4.2.1.1', '4.2.1.2', '4.2.1.9']));
    expect(sections).toEqual(sections.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })));
  });

  it('12.6 but not that a leaf has no subjectKeyIdentifier', () => {
    const leaf = endEntity(root, { extensions: [authorityKeyIdentifier(keyIdentifier(root.keys))] });
    expect(run(leaf, [], section4)).toMatchObject({ proven: true, findings: [] });
  });
});
