import { expect, test } from 'vitest';

import { nameOf } from '../../../test/support/rule-fixtures.js';
import { nameDigest } from '../search-columns.js';
import {
  readAlternativeName,
  readDigest,
  readHex,
  readKeyPurpose,
  readNameDigest,
  readPart,
  readSerial,
} from './search-values.rules.js';

test.each([
  ['0A1B', 'A1B'],
  ['0a:1b', 'A1B'],
  ['00000a1b', 'A1B'],
  ['0xA1B', 'A1B'],
  ['A1B', 'A1B'],
  ['dec:2587', 'A1B'],
  ['DEC:0002587', 'A1B'],
  ['-0A1B', '-0A1B'],
  ['-a1b', '-0A1B'],
  ['dec:-2587', '-0A1B'],
  ['00', ''],
  ['dec:0', ''],
  ['', undefined],
  ['xyz', undefined],
  ['dec:', undefined],
  ['dec:1f', undefined],
  [`dec:${'9'.repeat(1001)}`, undefined],
  ['0a:', undefined],
  ['0a::1b', undefined],
])('16.1 the serial number %j is %j in the index', (text, expected) => {
  expect(readSerial(text)).toBe(expected);
});

test('16.1 octets are hex in any case, with or without colons', () => {
  expect(readHex('aB:01')).toEqual(Buffer.from('ab01', 'hex'));
  expect(['', 'abc', 'a b', 'xy', ':'].map(readHex)).toEqual(Array.from({ length: 5 }));
  expect(readDigest('ab'.repeat(20), 20, 32)).toHaveLength(20);
  expect(readDigest('ab'.repeat(21), 20, 32)).toBeUndefined();
});

const jane = nameOf(['C', 'CH'], ['O', 'Acme AG'], ['CN', 'Jane Doe']);

test.each([
  ['CN=Jane Doe,O=Acme AG,C=CH', true],
  ['cn=JANE DOE, o=acme ag, c=ch', true],
  ['CN=Jane   Doe , O=Acme AG,C=CH', true],
  ['2.5.4.3=Jane Doe,O=Acme AG,C=CH', true],
  ['/C=CH/O=Acme AG/CN=Jane Doe', true],
  ['CN=Jane Doe,O=Acme AG', false],
  ['C=CH,O=Acme AG,CN=Jane Doe', false],
  ['CN=Jane Doerig,O=Acme AG,C=CH', false],
])('16.1 %j names the same as the certificate: %j', (text, isSame) => {
  expect(readNameDigest(text)?.equals(nameDigest(jane.relativeDistinguishedNames))).toBe(isSame);
});

test('16.1 what is no distinguished name is no value', () => {
  expect(['', 'Jane Doe', 'CN', 'nothing=Jane', '=Jane'].map(readNameDigest)).toEqual(Array.from({ length: 5 }));
});

test('16.1 an alternative name has a type, or may be of any', () => {
  expect(readAlternativeName('email:Jane@Acme.test')).toEqual(['email:jane@acme.test']);
  expect(readAlternativeName('DNS:Host.Acme.test')).toEqual(['dns:host.acme.test']);
  expect(readAlternativeName('DIRECTORYNAME:CN=Jane')).toEqual(['directoryName:cn=jane']);
  expect(readAlternativeName('2001:DB8::1')).toContain('ip:2001:db8::1');
  expect(readAlternativeName('')).toBeUndefined();
});

test('16.1 a key purpose is an OID or a name', () => {
  expect(['clientAuth', '1.2.3', 'none', ''].map(readKeyPurpose)).toEqual([
    '1.3.6.1.5.5.7.3.2',
    '1.2.3',
    undefined,
    undefined,
  ]);
});

test('16.2 a part has three characters at least, is folded, and has no wildcards', () => {
  expect(readPart(' Straße ')).toBe('%strasse%');
  expect(readPart('10%_\\')).toBe(String.raw`%10\%\_\\%`);
  expect(['', 'ab', '  ab ', 'x'.repeat(251)].map(readPart)).toEqual(Array.from({ length: 4 }));
});
