import { describe, expect, it } from 'vitest';

import {
  certificateOf,
  type CertificateParts,
  distinguishedName,
  extension,
  hex,
  objectIdentifier,
  sequence,
  tlv,
} from '../../../test/support/der.js';
import { Tag } from '../der/tag.js';
import type { Certificate } from './certificate.js';
import { readCertificate } from './read-certificate.js';

function read(parts: CertificateParts): Certificate {
  const result = readCertificate(certificateOf(parts));
  if (!result.ok) throw new Error(result.message);
  return result.certificate;
}

const ia5 = (tag: number, text: string) => tlv(tag, Buffer.from(text));
const email = ia5(0x81, 'jane@acme.test');
const policy = objectIdentifier('1.2.3.4');
const subtree = (base: Buffer, ...rest: Buffer[]) => sequence(base, ...rest);

const nameOfLength = (length: number) => distinguishedName([['2.5.4.3', Tag.utf8String, 'x'.repeat(length)]]);

describe('findings', () => {
  it.each<[string, string, string, CertificateParts]>([
    ['v4', 'version', 'It is not v1, v2 or v3.', { version: tlv(0xa0, hex('020103')) }],
    ['the version 100', 'version', 'It is not v1, v2 or v3.', { version: tlv(0xa0, hex('020164')) }],
    ['the version -1', 'version', 'It is not v1, v2 or v3.', { version: tlv(0xa0, hex('0201ff')) }],
    ['the version -128', 'version', 'It is not v1, v2 or v3.', { version: tlv(0xa0, hex('020180')) }],
    ['the version 2^40', 'version', 'It is not v1, v2 or v3.', { version: tlv(0xa0, hex('0206010000000000')) }],
    ['an encoded v1', 'version', 'Its default, v1, is encoded.', { version: tlv(0xa0, hex('020100')) }],
    [
      'v1 with unique identifiers',
      'version',
      'V1 has no unique identifiers.',
      { version: Buffer.alloc(0), afterPublicKey: tlv(0x81, hex('00ab')) },
    ],
    [
      'v1 with extensions',
      'version',
      'Only v3 has extensions.',
      { version: Buffer.alloc(0), extensions: [extension('1.2.3', hex('0500'))] },
    ],
    ['a negative serial', 'serialNumber', 'It is negative.', { serialNumber: hex('0201ff') }],
    ['a zero serial', 'serialNumber', 'It is zero.', { serialNumber: hex('020100') }],
    [
      'a long serial',
      'serialNumber',
      'It is longer than 20 octets.',
      { serialNumber: tlv(Tag.integer, Buffer.alloc(21, 1)) },
    ],
    ['an empty issuer', 'issuer', 'It is empty.', { issuer: sequence() }],
    [
      'an empty RDN',
      'issuer',
      'A relative distinguished name is empty.',
      { issuer: sequence(tlv(Tag.set), distinguishedName([['2.5.4.3', Tag.utf8String, 'CA']]).subarray(2)) },
    ],
    [
      'characters that PrintableString forbids',
      'subject',
      'A PrintableString contains characters that the type forbids.',
      { subject: distinguishedName([['2.5.4.3', Tag.printableString, 'jane@acme']]) },
    ],
    [
      'attributes out of the order of DER',
      'subject',
      'A set is not in the order of DER.',
      {
        subject: distinguishedName([
          ['2.5.4.4', Tag.utf8String, 'x'],
          ['2.5.4.3', Tag.utf8String, 'x'],
        ]),
      },
    ],
    [
      'a subject of more than 4,096 characters',
      'subject',
      'It is longer than 4096 characters.',
      { subject: distinguishedName([['2.5.4.3', Tag.utf8String, 'x'.repeat(4094)]]) },
    ],
    [
      'an empty subject without a critical subjectAltName',
      'extensions',
      'The subject is empty, but there is no critical subjectAltName.',
      { subject: sequence(), extensions: [extension('2.5.29.17', sequence(email))] },
    ],
    [
      'explicit curve parameters',
      'subjectPublicKeyInfo',
      'The curve is not named.',
      { publicKey: sequence(sequence(objectIdentifier('1.2.840.10045.2.1'), hex('0500')), hex('030200ff')) },
    ],
    [
      'two of one extension',
      'extensions',
      'An extension occurs more than once.',
      { extensions: [extension('2.5.29.15', hex('03020780')), extension('2.5.29.15', hex('03020780'))] },
    ],
    ['an empty list of extensions', 'extensions', 'The list is empty.', { extensions: [] }],
    [
      'an encoded default criticality',
      'keyUsage',
      'Its default criticality is encoded.',
      { extensions: [sequence(objectIdentifier('2.5.29.15'), hex('010100'), hex('040403020780'))] },
    ],
  ])('2.9 %s', (_, part, detail, parts) => {
    expect(read(parts).findings).toMatchObject([{ part, detail }]);
  });

  it.each<[string, string, string, string, Buffer, boolean?]>([
    ['no usage', '2.5.29.15', 'keyUsage', 'No usage is asserted.', hex('030100')],
    ['an unknown usage', '2.5.29.15', 'keyUsage', 'An unknown usage is asserted.', hex('0303060040')],
    ['trailing zero bits', '2.5.29.15', 'keyUsage', 'A bit list has trailing zero bits.', hex('03020080')],
    [
      'a value that is not a bit string',
      '2.5.29.15',
      'keyUsage',
      'The key usage is missing or has a wrong type.',
      hex('0500'),
    ],
    ['no purpose', '2.5.29.37', 'extKeyUsage', 'No purpose is named.', sequence()],
    ['an empty key identifier', '2.5.29.14', 'subjectKeyIdentifier', 'The key identifier is empty.', hex('0400')],
    ['a critical one', '2.5.29.14', 'subjectKeyIdentifier', 'It is critical.', hex('0401ab'), true],
    ['trailing data', '2.5.29.14', 'subjectKeyIdentifier', 'The encoding has trailing data.', hex('0401ab00')],
    [
      'an issuer without a serial number',
      '2.5.29.35',
      'authorityKeyIdentifier',
      'Issuer and serial number must be present together.',
      sequence(tlv(0xa1, email)),
    ],
    [
      'an encoded default',
      '2.5.29.19',
      'basicConstraints',
      'Its default, no certification authority, is encoded.',
      hex('3003010100'),
    ],
    ['BER TRUE', '2.5.29.19', 'basicConstraints', 'A boolean is neither 00 nor FF.', hex('3003010101')],
    ['a negative path length', '2.5.29.19', 'basicConstraints', 'A count is negative.', hex('30060101ff0201ff')],
    [
      'a path length of no authority',
      '2.5.29.19',
      'basicConstraints',
      'A path length is present without a certification authority.',
      hex('3003020100'),
    ],
    ['no names', '2.5.29.17', 'subjectAltName', 'A list of names is empty.', sequence()],
    ['an empty name', '2.5.29.17', 'subjectAltName', 'A name is empty.', sequence(ia5(0x82, ''))],
    [
      'an odd address',
      '2.5.29.17',
      'subjectAltName',
      'An IP address has a wrong length.',
      sequence(tlv(0x87, hex('7f0000'))),
    ],
    ['an unknown kind', '2.5.29.17', 'subjectAltName', 'A name is of no known kind.', sequence(tlv(0x89, hex('00')))],
    [
      'a name beyond ASCII',
      '2.5.29.17',
      'subjectAltName',
      'An IA5String contains characters that the type forbids.',
      sequence(ia5(0x82, 'zoë.test')),
    ],
    [
      'invalid UTF-8 in a directory name',
      '2.5.29.18',
      'issuerAltName',
      'A UTF8String is not valid UTF-8.',
      sequence(tlv(0xa4, distinguishedName([['2.5.4.3', Tag.utf8String, hex('c0af')]]))),
    ],
    ['no constraint', '2.5.29.30', 'nameConstraints', 'Nothing is constrained.', sequence(), true],
    [
      'name constraints that are not critical',
      '2.5.29.30',
      'nameConstraints',
      'It is not critical.',
      sequence(tlv(0xa0, subtree(email))),
    ],
    [
      'a mask with a gap',
      '2.5.29.30',
      'nameConstraints',
      'An address mask has a gap.',
      sequence(tlv(0xa0, subtree(tlv(0x87, hex('0a000000ff00ff00'))))),
      true,
    ],
    [
      'an address without a mask',
      '2.5.29.30',
      'nameConstraints',
      'An IP address has a wrong length.',
      sequence(tlv(0xa1, subtree(tlv(0x87, hex('0a000000'))))),
      true,
    ],
    [
      'a minimum',
      '2.5.29.30',
      'nameConstraints',
      'A subtree has a minimum or maximum.',
      sequence(tlv(0xa0, subtree(email, hex('800101')))),
      true,
    ],
    ['no policy', '2.5.29.32', 'certificatePolicies', 'No policy is named.', sequence()],
    [
      'a policy twice',
      '2.5.29.32',
      'certificatePolicies',
      'A policy is named twice.',
      sequence(sequence(policy), sequence(policy)),
    ],
    [
      'no qualifiers in their list',
      '2.5.29.32',
      'certificatePolicies',
      'A list of qualifiers is empty.',
      sequence(sequence(policy, sequence())),
    ],
    [
      'a pointer of another type',
      '2.5.29.32',
      'certificatePolicies',
      'A CPS pointer is not an IA5String.',
      sequence(sequence(policy, sequence(sequence(objectIdentifier('1.3.6.1.5.5.7.2.1'), ia5(Tag.utf8String, 'x'))))),
    ],
    [
      'half a mapping',
      '2.5.29.33',
      'policyMappings',
      'A policy is missing or has a wrong type.',
      sequence(sequence(policy)),
    ],
    ['no policy constraint', '2.5.29.36', 'policyConstraints', 'Nothing is constrained.', sequence(), true],
    ['a negative count', '2.5.29.54', 'inhibitAnyPolicy', 'A count is negative.', hex('0201ff'), true],
    ['no point', '2.5.29.31', 'cRLDistributionPoints', 'No distribution point is named.', sequence()],
    [
      'reasons alone',
      '2.5.29.31',
      'cRLDistributionPoints',
      'A distribution point has neither name nor issuer.',
      sequence(sequence(hex('81020640'))),
    ],
    ['a critical one', '2.5.29.46', 'freshestCRL', 'It is critical.', sequence(sequence(tlv(0xa2, email))), true],
    ['no access', '1.3.6.1.5.5.7.1.1', 'authorityInfoAccess', 'No access is described.', sequence()],
    [
      'an access without a location',
      '1.3.6.1.5.5.7.1.11',
      'subjectInfoAccess',
      'The data ends too early.',
      sequence(sequence(policy)),
    ],
  ])('2.9 %s in extension %s', (_, oid, part, detail, value, critical = false) => {
    expect(read({ extensions: [extension(oid, value, critical)] }).findings).toMatchObject([{ part, detail }]);
  });

  it.each(['subject', 'issuer'] as const)('2.9 a %s of more than 16,384 characters is refused', (part) => {
    expect(read({ [part]: nameOfLength(16_381) }).findings).toMatchObject([{ part }]);
    expect(readCertificate(certificateOf({ [part]: nameOfLength(16_382) }))).toEqual({
      ok: false,
      message: `The ${part} of the certificate is longer than 16384 characters.`,
    });
  });

  it('2.9 a malformed extension is absent and does not affect others, however often it is read', () => {
    const certificate = read({
      extensions: [
        extension('2.5.29.17', hex('30ff')),
        extension('2.5.29.15', hex('03020780')),
        extension('2.5.29.37', sequence(objectIdentifier('1.3.6.1.5.5.7.3.2'))),
      ],
    });
    for (let round = 0; round < 2; round += 1) {
      expect(certificate.hasSubjectAlternativeName).toBe(false);
      expect(certificate.keyUsage).toEqual(new Set(['digitalSignature']));
      expect(certificate.extendedKeyUsage).toEqual(new Set(['1.3.6.1.5.5.7.3.2']));
      expect(certificate.findings).toMatchObject([{ part: 'subjectAltName' }]);
    }
  });

  it('2.9 a repeated extension is not used', () => {
    const usage = extension('2.5.29.15', hex('03020780'));
    expect(read({ extensions: [usage, usage] }).keyUsage).toBeUndefined();
  });

  it('2.9 a readable name among malformed ones is used', () => {
    const value = sequence(tlv(0x87, hex('7f')), email);
    expect(read({ extensions: [extension('2.5.29.17', value)] }).hasSubjectAlternativeName).toBe(true);
    const none = sequence(tlv(0x87, hex('7f')));
    expect(read({ extensions: [extension('2.5.29.17', none)] }).hasSubjectAlternativeName).toBe(false);
  });

  it('2.9 extensions that RFC 5280 does not define are ignored, critical or not', () => {
    expect(read({ extensions: [extension('1.2.3.4', hex('ffff'), true)] }).findings).toEqual([]);
  });
});
