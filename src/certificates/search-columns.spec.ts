import { describe, expect, it } from 'vitest';

import { certificateOf } from '../../test/support/rule-fixtures.js';
import { keyTypeText, searchColumns, searchedName } from './search-columns.js';

describe('the search columns of a certificate', () => {
  it.each([
    [{ type: 'RSA', bits: 2048, curve: undefined }, 'RSA:2048'],
    [{ type: 'EC', bits: 256, curve: 'P-256' }, 'EC:P-256'],
    [{ type: 'EC', bits: undefined, curve: '1.2.3.4' }, 'EC:1.2.3.4'],
    [{ type: 'EC', bits: undefined, curve: undefined }, 'EC'],
    [{ type: 'Ed25519', bits: undefined, curve: undefined }, 'Ed25519'],
    [{ type: '1.2.3.4', bits: undefined, curve: undefined }, '1.2.3.4'],
  ])('2.8 a key type is spelled as in a policy: %j is %s', (key, text) => {
    expect(keyTypeText(key)).toBe(text);
  });

  it.each([
    ['email', 'Jane@ACME.test', 'email:jane@acme.test'],
    ['directoryName', 'CN=Straße', 'directoryName:cn=strasse'],
    ['uri', 'x'.repeat(600), `uri:${'x'.repeat(512)}`],
    ['directoryName', '😀'.repeat(600), `directoryName:${'😀'.repeat(512)}`],
    ['dns', '', 'dns:'],
  ] as const)('2.8 a name is searched by its type and its folded start: %s %s', (type, value, text) => {
    expect(searchedName({ type, value })).toBe(text);
  });

  it('2.8 no searched name is too long for an index', () => {
    const longest = searchedName({ type: 'directoryName', value: '\u{10FFFF}'.repeat(10_000) });
    expect(Buffer.byteLength(longest)).toBeLessThan(2_700);
  });

  it('2.8 a value that occurs twice is stored once, and what the certificate lacks is null', () => {
    const twice = { type: 'dns', value: 'a.test' } as const;
    const certificate = certificateOf({
      subjectAlternativeNames: [twice, { ...twice, value: 'A.test' }],
      keyUsage: undefined,
      extendedKeyUsage: new Set(),
    });
    expect(searchColumns(certificate)).toEqual({
      keyType: 'EC:P-256',
      publicKeySha256: certificate.publicKeySha256,
      signatureAlgorithm: 'ecdsa-with-SHA256',
      subjectAlternativeNames: ['dns:a.test'],
      keyUsage: null,
      extendedKeyUsage: null,
      authorityKeyIdentifier: null,
      describedSha256: certificate.sha256,
      subjectNameSha256: expect.any(Buffer) as Buffer,
      issuerNameSha256: expect.any(Buffer) as Buffer,
      searchedText: '01\ncn=jane doe,ou=it,o=acme ag,c=ch\na.test',
    });
    expect(searchColumns(certificateOf({ subjectAlternativeNames: [] })).subjectAlternativeNames).toBeNull();
  });
});
