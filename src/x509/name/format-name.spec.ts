import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { type AttributeParts, certificateOf, distinguishedName, hex } from '../../../test/support/der.js';
import { DerReader } from '../der/der-reader.js';
import { Tag } from '../der/tag.js';
import { attributeNames } from './attribute-names.js';
import { formatName } from './format-name.js';
import { readName } from './read-name.js';

function format(...rdns: readonly (readonly AttributeParts[])[]): string {
  return formatName(readName(new DerReader(distinguishedName(...rdns)).next(), []));
}

const CN = '2.5.4.3';
const commonName = (value: string) => format([[CN, Tag.utf8String, value]]);

describe('formatName', () => {
  it('2.8 the most specific RDN is first, without spaces', () => {
    expect(
      format(
        [['2.5.4.6', Tag.printableString, 'CH']],
        [['2.5.4.10', Tag.utf8String, 'Acme AG']],
        [['2.5.4.11', Tag.utf8String, 'IT']],
        [[CN, Tag.utf8String, 'Jane Doe']],
      ),
    ).toBe('CN=Jane Doe,OU=IT,O=Acme AG,C=CH');
  });

  it('2.8 the attributes of an RDN are reversed as well, as by OpenSSL', () => {
    expect(
      format(
        [['2.5.4.10', Tag.utf8String, 'Acme']],
        [
          [CN, Tag.utf8String, 'Jane'],
          ['0.9.2342.19200300.100.1.1', Tag.utf8String, 'jd'],
        ],
      ),
    ).toBe('UID=jd+CN=Jane,O=Acme');
  });

  it('2.8 an empty RDN is left out, as by OpenSSL', () => {
    expect(format([[CN, Tag.utf8String, 'Jane']], [])).toBe('CN=Jane');
  });

  // The right-hand sides are what `openssl x509 -nameopt RFC2253,-esc_msb,utf8` prints (3.0.19).
  it.each([
    ['the special characters', ',+"\\<>;=', '\\,\\+\\"\\\\\\<\\>\\;='],
    ['a leading number sign', '#a#', '\\#a#'],
    ['a lone number sign', '#', '#'],
    ['two number signs', '##', '\\##'],
    ['a leading space', ' a b', '\\ a b'],
    ['a trailing space', 'a b ', 'a b\\ '],
    ['a lone space', ' ', '\\ '],
    ['two spaces', '  ', '\\ \\ '],
    ['number sign and space', '# ', '\\#\\ '],
    ['a trailing backslash and space', '\\ ', '\\\\\\ '],
    ['a leading comma', ',x', '\\,x'],
    ['nothing', '', ''],
    ['C0 controls and DEL', 'a\u0000\u0001\n\r\t\u001b\u007f', 'a\\00\\01\\0A\\0D\\09\\1B\\7F'],
    ['characters beyond ASCII', 'Zoë – 広 😀 \u00a0', 'Zoë – 広 😀 \u00a0'],
  ])('2.8 as OpenSSL: %s', (_, value, expected) => {
    expect(commonName(value)).toBe(`CN=${expected}`);
  });

  it.each([
    ['C1 controls', 'a\u0080\u0085\u009fb', 'a\\C2\\80\\C2\\85\\C2\\9Fb'],
    ['line and paragraph separator', 'a\u2028\u2029b', 'a\\E2\\80\\A8\\E2\\80\\A9b'],
    [
      'embeddings and overrides',
      '\u202a\u202b\u202c\u202d\u202e',
      '\\E2\\80\\AA\\E2\\80\\AB\\E2\\80\\AC\\E2\\80\\AD\\E2\\80\\AE',
    ],
    ['isolates', '\u2066\u2067\u2068\u2069', '\\E2\\81\\A6\\E2\\81\\A7\\E2\\81\\A8\\E2\\81\\A9'],
    ['marks', '\u061c\u200e\u200f', '\\D8\\9C\\E2\\80\\8E\\E2\\80\\8F'],
  ])('2.8 beyond OpenSSL: %s', (_, value, expected) => {
    expect(commonName(value)).toBe(`CN=${expected}`);
  });

  it('2.8 these characters are escaped in every string type', () => {
    expect(format([[CN, Tag.teletexString, hex('41850a')]])).toBe('CN=A\\C2\\85\\0A');
    expect(format([[CN, Tag.bmpString, hex('0041202e')]])).toBe('CN=A\\E2\\80\\AE');
  });

  it('2.8 attributes without a name and values that are not strings are written as hexadecimal DER', () => {
    expect(format([['1.3.6.1.4.1.99999.1', Tag.utf8String, 'x']])).toBe('1.3.6.1.4.1.99999.1=#0C0178');
    expect(format([['2.5.4.45', Tag.bitString, hex('00ab')]])).toBe('x500UniqueIdentifier=#030200AB');
  });

  it('2.8 has no length limit', () => {
    const long = 'x'.repeat(4000);
    expect(commonName(long)).toBe(`CN=${long}`);
    expect(commonName('\u202e'.repeat(4000))).toHaveLength(3 + 4000 * 9);
  });

  it('2.8 attribute names agree with the OpenSSL in Node', () => {
    for (const [oid, name] of attributeNames) {
      const subject = distinguishedName([[oid, Tag.utf8String, 'x']]);
      expect(new X509Certificate(certificateOf({ subject })).subject, oid).toBe(`${name}=x`);
    }
    for (const [oid, name] of [
      ['2.5.4.4', 'SN'],
      ['2.5.4.5', 'serialNumber'],
      ['2.5.4.9', 'street'],
      ['2.5.4.12', 'title'],
      ['2.5.4.17', 'postalCode'],
      ['2.5.4.42', 'GN'],
      ['2.5.4.97', 'organizationIdentifier'],
      ['0.9.2342.19200300.100.1.25', 'DC'],
      ['1.2.840.113549.1.9.1', 'emailAddress'],
      ['1.3.6.1.4.1.311.60.2.1.3', 'jurisdictionC'],
    ] as const) {
      expect(attributeNames.get(oid)).toBe(name);
    }
  });

  const openssl = spawnSync('openssl', ['version']).status === 0;
  it.skipIf(!openssl)('2.8 attribute names agree with the openssl command where it knows them', () => {
    const rdns = [...attributeNames.keys()].map((oid) => [[oid, Tag.utf8String, 'x']] as const);
    const input = certificateOf({ subject: distinguishedName(...rdns) });
    const options = ['x509', '-inform', 'DER', '-noout', '-subject', '-nameopt', 'RFC2253,-esc_msb,utf8'];
    const printed = spawnSync('openssl', options, { input, encoding: 'utf8' }).stdout.trim().replace('subject=', '');
    const names = printed.split(',').toReversed();
    expect(names).toHaveLength(attributeNames.size);
    // An older openssl prints new attributes as dotted OIDs, and before 3.2 it has one wrong name.
    const renamed = names.map((name) => (name === 'ac-auditEntity=x' ? 'ac-auditIdentity=x' : name));
    const known = [...attributeNames].map(([oid, name], index) =>
      names[index] === `${oid}=#0C0178` ? `${oid}=#0C0178` : `${name}=x`,
    );
    expect(renamed).toEqual(known);
    expect(names.filter((name) => name.endsWith('=x')).length).toBeGreaterThan(1000);
  });

  it('2.8 every attribute type of the X.520 arc that OpenSSL names has a name', () => {
    for (let number = 0; number < 128; number += 1) {
      const oid = `2.5.4.${number}`;
      const subject = distinguishedName([[oid, Tag.utf8String, 'x']]);
      const [name] = new X509Certificate(certificateOf({ subject })).subject?.split('=') ?? [];
      expect(attributeNames.get(oid) ?? oid).toBe(name);
    }
  });
});
