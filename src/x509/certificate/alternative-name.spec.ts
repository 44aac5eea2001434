import { describe, expect, it } from 'vitest';

import {
  certificateOf,
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

function read(...extensions: Buffer[]): Certificate {
  const result = readCertificate(certificateOf({ extensions }));
  if (!result.ok) throw new Error(result.message);
  return result.certificate;
}

const namesIn = (...names: Buffer[]) => read(extension('2.5.29.17', sequence(...names))).subjectAlternativeNames;
const text = (tag: number, value: string) => tlv(tag, Buffer.from(value));
const otherName = (type: string, value: Buffer) => tlv(0xa0, objectIdentifier(type), tlv(0xa0, value));
const uri = (address: string) => text(0x86, address);
const point = (...names: Buffer[]) => sequence(tlv(0xa0, tlv(0xa0, ...names)));
const access = (method: string, name: Buffer) => sequence(objectIdentifier(method), name);
const UPN = '1.3.6.1.4.1.311.20.2.3';

describe('the subject alternative names of a certificate', () => {
  it.each<[string, Buffer, string, string]>([
    ['a host name as written', text(0x82, 'WWW.acme.test'), 'dns', 'WWW.acme.test'],
    ['a wildcard', text(0x82, '*.acme.test'), 'dns', '*.acme.test'],
    ['an e-mail address', text(0x81, 'jane@acme.test'), 'email', 'jane@acme.test'],
    ['a URI', text(0x86, 'https://acme.test/a,b?c=d'), 'uri', 'https://acme.test/a,b?c=d'],
    ['a NUL, a line end and a backslash escaped', text(0x82, 'a\0b\n\\c'), 'dns', String.raw`a\00b\0A\\c`],
    ['IPv4', tlv(0x87, hex('c0000201')), 'ip', '192.0.2.1'],
    ['IPv6', tlv(0x87, hex('20010db8000000000001000000000001')), 'ip', '2001:db8::1:0:0:1'],
    [
      'a directory name',
      tlv(0xa4, distinguishedName([['2.5.4.10', Tag.utf8String, 'Acme, AG']], [['2.5.4.3', Tag.utf8String, 'Jane']])),
      'directoryName',
      String.raw`CN=Jane,O=Acme\, AG`,
    ],
    ['a registered ID', tlv(0x88, hex('2a0304')), 'registeredId', '1.2.3.4'],
    [
      'another name that is a text',
      otherName(UPN, text(Tag.utf8String, 'jane@acme.test')),
      'otherName',
      `${UPN}=jane@acme.test`,
    ],
    [
      'a text with a bidirectional control',
      otherName(UPN, text(Tag.utf8String, 'a\u202eb')),
      'otherName',
      String.raw`${UPN}=a\E2\80\AEb`,
    ],
    ['a text that begins with #', otherName(UPN, text(Tag.utf8String, '#04')), 'otherName', String.raw`${UPN}=\#04`],
    ['another name that is no text', otherName('1.2.3.4', hex('0401ab')), 'otherName', '1.2.3.4=#0401AB'],
    ['another name whose text is damaged', otherName('1.2.3.4', hex('0c01ff')), 'otherName', '1.2.3.4=#0C01FF'],
    ['an EDI party name', tlv(0xa5, tlv(0x81, text(Tag.utf8String, 'x'))), 'ediPartyName', '#A50581030C0178'],
    ['an X.400 address', tlv(0xa3, hex('3000')), 'x400Address', '#A3023000'],
  ])('2.8 shows %s', (_, name, type, value) => {
    expect(namesIn(name)).toEqual([{ type, value }]);
  });

  it('2.8 has readable names in their order and leaves out the others', () => {
    expect(namesIn(text(0x82, 'b.test'), tlv(0x87, hex('7f')), text(0x82, 'a.test'))).toEqual([
      { type: 'dns', value: 'b.test' },
      { type: 'dns', value: 'a.test' },
    ]);
    expect(read().subjectAlternativeNames).toEqual([]);
  });
});

describe('the other extensions of a certificate', () => {
  it('2.8 has the key identifier, issuer and serial number of the authority key identifier', () => {
    const issuer = tlv(0xa4, distinguishedName([['2.5.4.3', Tag.utf8String, 'CA']]));
    const value = sequence(tlv(0x80, hex('abcd')), tlv(0xa1, issuer), tlv(0x82, hex('00ff')));
    expect(read(extension('2.5.29.35', value)).authorityKeyIdentifier).toEqual({
      keyIdentifier: hex('abcd'),
      issuer: [{ type: 'directoryName', value: 'CN=CA' }],
      serial: 'FF',
    });
    expect(read(extension('2.5.29.35', sequence())).authorityKeyIdentifier).toEqual({
      keyIdentifier: undefined,
      issuer: undefined,
      serial: undefined,
    });
  });

  it('2.8 has basic constraints and policies', () => {
    const policies = sequence(sequence(objectIdentifier('1.2.3')), sequence(objectIdentifier('2.5.29.32.0')));
    const certificate = read(extension('2.5.29.19', hex('30060101ff020103'), true), extension('2.5.29.32', policies));
    expect(certificate.basicConstraints).toEqual({ cA: true, pathLenConstraint: 3 });
    expect(certificate.certificatePolicies).toEqual(['1.2.3', '2.5.29.32.0']);
  });

  it('2.8 has the addresses of CRLs: of full names, those that are URIs', () => {
    const relative = sequence(tlv(0xa0, tlv(0xa1, distinguishedName([['2.5.4.3', Tag.utf8String, 'x']]).subarray(4))));
    const value = sequence(point(uri('http://a.test/1'), text(0x82, 'b.test')), relative, point(uri('ldap://c.test')));
    expect(read(extension('2.5.29.31', value)).crlAddresses).toEqual(['http://a.test/1', 'ldap://c.test']);
  });

  it('2.8 has the addresses of OCSP responders and of the issuer', () => {
    const value = sequence(
      access('1.3.6.1.5.5.7.48.1', uri('http://ocsp.test')),
      access('1.3.6.1.5.5.7.48.2', uri('http://ca.test/ca.cer')),
      access('1.3.6.1.5.5.7.48.1', text(0x82, 'ocsp.test')),
      access('1.3.6.1.5.5.7.48.1', uri('http://ocsp.test/\n')),
      access('1.3.6.1.5.5.7.48.3', uri('http://time.test')),
    );
    const { ocspAddresses, caIssuersAddresses } = read(extension('1.3.6.1.5.5.7.1.1', value));
    expect(ocspAddresses).toEqual(['http://ocsp.test', String.raw`http://ocsp.test/\0A`]);
    expect(caIssuersAddresses).toEqual(['http://ca.test/ca.cer']);
  });

  it.each(['2.5.29.35', '2.5.29.19', '2.5.29.32', '2.5.29.31', '1.3.6.1.5.5.7.1.1', '2.5.29.17'])(
    '2.9 leaves out what is absent, damaged or there twice: %s',
    (oid) => {
      const damaged = extension(oid, hex('30ff'));
      for (const extensions of [[], [damaged], [damaged, damaged]]) {
        const certificate = read(...extensions);
        expect(certificate.subjectAlternativeNames).toEqual([]);
        expect(certificate.authorityKeyIdentifier).toBeUndefined();
        expect(certificate.basicConstraints).toBeUndefined();
        expect(certificate.certificatePolicies).toBeUndefined();
        expect([certificate.crlAddresses, certificate.ocspAddresses, certificate.caIssuersAddresses]).toEqual([
          [],
          [],
          [],
        ]);
      }
    },
  );
});
