import { describe, expect, it, test } from 'vitest';

import { extension, hex, objectIdentifier, sequence, tlv } from '../../../test/support/der.js';
import { search } from '../../../test/support/path-search.js';
import {
  authority,
  type AuthorityRequest,
  CLIENT_AUTH,
  commonName,
  ecKeys,
  endEntity,
  extensions,
  type Issued,
  keyIdentifier,
  SERVER_AUTH,
} from '../../../test/support/signed-certificate.js';
import { Tag } from '../der/tag.js';
import { findPath } from './find-path.js';
import { type PathParameters, productionParameters } from './path-parameters.js';
import type { PathReason } from './path-result.js';
import { prepareAnchors } from './prepared-anchors.js';

const production = productionParameters(new Date('2026-06-01T00:00:00Z'));

const root = authority('Root');

function refusal(
  leaf: Issued,
  parameters: Partial<PathParameters> = {},
  anchor: Issued = root,
  intermediates: readonly Issued[] = [],
): string {
  const set = prepareAnchors(
    [anchor.certificate],
    intermediates.map(({ certificate }) => certificate),
  );
  const result = findPath(leaf.certificate, set, { ...production, ...parameters });
  return result.proven ? 'proven' : `${result.reason} ${result.section.replace('RFC 5280 section ', '')}`;
}

const twice = [extensions.keyUsage('digitalSignature'), extensions.keyUsage('digitalSignature')];
const unreadable = (oid: string, critical = false) => extension(oid, hex('0500'), critical);

/** What is wrong with a certificate, wherever it is in the path. */
const everywhere: readonly [string, `${PathReason} ${string}`, AuthorityRequest][] = [
  ['its validity has ended', 'expired 6.1.3 (a)(2)', { notAfter: '260531235959Z' }],
  ['its validity has not begun', 'notYetValid 6.1.3 (a)(2)', { notBefore: '260601000001Z' }],
  ['a time has a fraction', 'malformed 4.1.2.5', { notAfter: '20300101000000.5Z' }],
  ['an unknown extension is critical', 'unknownCriticalExtension 4.2', { and: [extensions.unknown(true)] }],
  [
    'a critical authorityInfoAccess is not processed',
    'unknownCriticalExtension 4.2',
    {
      and: [unreadable('1.3.6.1.5.5.7.1.1', true)],
    },
  ],
  ['an extension occurs twice', 'malformed 4.2', { and: twice }],
  [
    'an unknown extension occurs twice',
    'malformed 4.2',
    { and: [extensions.unknown(false), extensions.unknown(false)] },
  ],
  ['its name constraints cannot be read', 'malformed 4.2', { and: [unreadable('2.5.29.30')] }],
  ['its alternative names cannot be read', 'malformed 4.2', { and: [unreadable('2.5.29.17')] }],
  ['its policies cannot be read', 'malformed 4.2', { and: [unreadable('2.5.29.32')] }],
  ['its policy mappings cannot be read', 'malformed 4.2', { and: [unreadable('2.5.29.33')] }],
  ['its policy constraints cannot be read', 'malformed 4.2', { and: [unreadable('2.5.29.36')] }],
  ['its inhibitAnyPolicy cannot be read', 'malformed 4.2', { and: [unreadable('2.5.29.54')] }],
  ['its critical distribution points cannot be read', 'malformed 4.2', { and: [unreadable('2.5.29.31', true)] }],
  ['it is for another purpose', 'extendedKeyUsage 4.2.1.12', { and: [extensions.extendedKeyUsage(SERVER_AUTH)] }],
  ['its extended key usage is empty', 'malformed 4.2', { and: [extension('2.5.29.37', sequence())] }],
];

describe.each([
  ['the leaf', (request: AuthorityRequest) => refusal(asLeaf(request))],
  [
    'an intermediate',
    (request: AuthorityRequest) => {
      const issuer = authority('Intermediate', { issuer: root, ...request });
      return refusal(endEntity(issuer), {}, root, [issuer]);
    },
  ],
  [
    'the anchor',
    (request: AuthorityRequest) => {
      const anchor = authority('Anchor', request);
      return refusal(endEntity(anchor), {}, anchor);
    },
  ],
])('12.1 %s is rejected', (_, refuse) => {
  test.each(everywhere)('12.1 because %s: %s', (_title, expected, request) => {
    expect(refuse(request)).toBe(expected);
  });
});

function asLeaf({ and = [], ...request }: AuthorityRequest): Issued {
  return endEntity(root, {
    extensions: [extensions.authorityKeyIdentifier(keyIdentifier(root.keys)), ...and],
    ...request,
  });
}

describe('12.1 key identifiers', () => {
  test.each(['2.5.29.14', '2.5.29.35'])('12.1 that cannot be read (%s) reject the leaf and an intermediate', (oid) => {
    const request = { issuer: root, extensions: [extensions.basicConstraints(true), unreadable(oid)] };
    const issuer = authority('Issuer', request);
    expect(refusal(endEntity(issuer), {}, root, [issuer])).toBe('malformed 4.2');
    expect(refusal(endEntity(root, { extensions: [unreadable(oid)] }))).toBe('malformed 4.2');
  });
});

describe('12.1 what does not reject', () => {
  test.each([
    ['an unknown extension that is not critical', [extensions.unknown(false)]],
    ['an unreadable extension that decides nothing', [unreadable('1.3.6.1.5.5.7.1.1')]],
    ['critical key identifiers', [extensions.subjectKeyIdentifier(hex('01'), true)]],
    ['anyExtendedKeyUsage', [extensions.extendedKeyUsage('2.5.29.37.0')]],
    ['one more purpose', [extensions.extendedKeyUsage(SERVER_AUTH, CLIENT_AUTH)]],
    ['no key usage, no purpose', []],
  ])('12.1 %s', (_, and) => {
    expect(refusal(asLeaf({ and }))).toBe('proven');
  });

  it('12.1 both ends of the validity are inclusive, in whole seconds', () => {
    const leaf = asLeaf({ notBefore: '260601000000Z', notAfter: '260602000000Z' });
    const at = (time: string) => refusal(leaf, { time: new Date(time) });
    expect(at('2026-05-31T23:59:59.999Z')).toBe('notYetValid 6.1.3 (a)(2)');
    expect(at('2026-06-01T00:00:00Z')).toBe('proven');
    expect(at('2026-06-02T00:00:00.999Z')).toBe('proven');
    expect(at('2026-06-02T00:00:01Z')).toBe('expired 6.1.3 (a)(2)');
    expect(at('no time')).toBe('notYetValid 6.1.3 (a)(2)');
  });
});

describe('12.3 what the leaf may be used for', () => {
  it('12.3 digitalSignature, where key usage is present', () => {
    const leaf = asLeaf({ and: [extensions.keyUsage('keyEncipherment')] });
    expect(refusal(leaf)).toBe('keyUsage 4.2.1.3');
    expect(refusal(leaf, { leafKeyUsage: [] })).toBe('proven');
    expect(refusal(asLeaf({ and: [extensions.keyUsage('digitalSignature')] }))).toBe('proven');
  });

  it('12.3 every purpose that the policy asks for', () => {
    const leaf = asLeaf({ and: [extensions.extendedKeyUsage(CLIENT_AUTH)] });
    expect(refusal(leaf, { eku: [CLIENT_AUTH, SERVER_AUTH] })).toBe('extendedKeyUsage 4.2.1.12');
    expect(refusal(leaf, { eku: [] })).toBe('proven');
    expect(productionParameters(production.time, [SERVER_AUTH]).eku).toEqual([SERVER_AUTH]);
  });
});

const issuing = (request: AuthorityRequest, isAnchor: boolean): string => {
  const issuer = authority('Issuer', isAnchor ? request : { issuer: root, ...request });
  const leaf = endEntity(issuer);
  return isAnchor ? refusal(leaf, {}, issuer) : refusal(leaf, {}, root, [issuer]);
};

describe('12.1 an issuer is a CA', () => {
  const usage = extensions.keyUsage('keyCertSign');

  describe.each([
    ['an intermediate', false],
    ['11.2 an anchor', true],
  ])('%s', (_, isAnchor) => {
    test.each([
      ['without basic constraints', 'notCa 6.1.4 (k)', [usage]],
      ['whose basic constraints say that it is none', 'notCa 6.1.4 (k)', [usage, extensions.basicConstraints(false)]],
      ['whose basic constraints cannot be read', 'malformed 4.2', [usage, unreadable('2.5.29.19')]],
      [
        'whose key usage has no keyCertSign',
        'keyUsage 6.1.4 (n)',
        [extensions.basicConstraints(true), extensions.keyUsage('cRLSign', 'digitalSignature')],
      ],
      ['without key usage', 'proven', [extensions.basicConstraints(true)]],
    ])('12.1 %s: %s', (_title, expected, list) => {
      expect(issuing({ extensions: list }, isAnchor)).toBe(expected);
    });
  });

  it('12.1 an intermediate of version 1 is none, as nothing says so', () => {
    const old = authority('Issuer', { issuer: root, version: 1, extensions: undefined });
    expect(refusal(endEntity(old), {}, root, [old])).toBe('notCa 6.1.4 (k)');
  });

  test.each<[string, AuthorityRequest]>([
    ['with another issuer, like a user’s certificate', { issuerName: 'Somebody' }],
    ['that names itself as its issuer, as a user’s self-signed certificate does, too', {}],
  ])('11.2 an anchor of version 1 %s is none', (_title, request) => {
    const old = authority('Issuer', { version: 1, extensions: undefined, ...request });
    expect(refusal(endEntity(old), {}, old)).toBe('notCa 6.1.4 (k)');
  });
});

describe('12.1 names', () => {
  it('12.1 a leaf without subject can have a path', () => {
    expect(refusal(asLeaf({ subject: sequence() }))).toBe('proven');
  });

  it('12.1 a subject or an issuer that cannot be read is refused', () => {
    // node:crypto reads an attribute type of any length.
    const longType = tlv(Tag.objectIdentifier, hex('2a'), Buffer.alloc(128, 0x81), hex('01'));
    const unreadableName = sequence(tlv(Tag.set, sequence(longType, tlv(Tag.utf8String, Buffer.from('x')))));
    expect(refusal(asLeaf({ subject: unreadableName }))).toBe('malformed 4.1.2.6');
    expect(refusal(asLeaf({ issuerName: unreadableName }))).toBe('malformed 4.1.2.4');
  });

  it('12.1 an empty issuer is refused, also if an anchor has an empty subject', () => {
    const nameless = authority(sequence(), {});
    expect(refusal(endEntity(nameless), {}, nameless)).toBe('malformed 4.1.2.4');
  });

  it('12.1 the issuer’s name counts, not its place in the set', () => {
    expect(refusal(asLeaf({ issuerName: commonName('Somebody') }))).toBe('issuerNotFound 6.1.3 (a)(4)');
  });
});

describe('12.4 the refusal of a leaf says', () => {
  test.each<[string, AuthorityRequest]>([
    ['An extension occurs more than once.', { and: [extensions.unknown(false), extensions.unknown(false)] }],
    ['Its nameConstraints cannot be read.', { and: [unreadable('2.5.29.30')] }],
    ['It has a critical extension that path validation does not process.', { and: [extensions.unknown(true)] }],
    ['Its validity has not begun.', { notBefore: '260601000001Z' }],
    ['Its validity has ended.', { notAfter: '260531235959Z' }],
    [
      'Its extended key usage does not include the purpose that is asked for.',
      { and: [extensions.extendedKeyUsage(SERVER_AUTH)] },
    ],
    ['Its key usage does not include digitalSignature.', { and: [extensions.keyUsage('keyAgreement')] }],
  ])('12.4 %s', (detail, request) => {
    expect(search(asLeaf(request), { anchors: [root] })).toMatchObject({ proven: false, detail });
  });
});

describe('12.4 the refusal of an issuer says', () => {
  const ca = extensions.basicConstraints(true);

  test.each<[string, AuthorityRequest]>([
    ['It is of a version that cannot say whether it is a CA.', { version: 1, extensions: undefined }],
    ['It is of a version that cannot say whether it is a CA.', { version: 1 }],
    ['It has no basic constraints.', { extensions: [] }],
    ['Its basic constraints say that it is no CA.', { extensions: [extensions.basicConstraints(false)] }],
    ['Its key usage does not include keyCertSign.', { extensions: [ca, extensions.keyUsage('cRLSign')] }],
  ])('12.4 %s', (detail, request) => {
    const issuer = authority('Intermediate', { issuer: root, ...request });
    const result = search(endEntity(issuer), { anchors: [root], intermediates: [issuer] });
    expect(result).toMatchObject({ proven: false, detail });
  });

  it('11.2 that an anchor of version 1 with extensions is none', () => {
    const anchor = authority('Anchor', { version: 1 });
    const result = search(endEntity(anchor), { anchors: [anchor] });
    expect(result).toMatchObject({ detail: 'It is of a version that cannot say whether it is a CA.' });
  });
});

test.each([
  ['RFC 5280 section 4.1.2.7', { keys: ecKeys('prime192v1') }],
  ['RFC 5280 section 4.1.1.2', { algorithm: sequence(objectIdentifier('1.2.840.10045.4.1')), digest: 'sha1' }],
])('12.3 what is too weak is refused by %s', (section, request) => {
  const result = search(asLeaf(request), { anchors: [root] });
  expect(result).toMatchObject({ reason: 'weakAlgorithm', section });
});
