import { describe, expect, test } from 'vitest';

import { readInternationalMailAddress, readMailAddress } from './mail-addresses.js';

const HOST = '@example.com';
const host = 'example.com';

describe('RFC 5321 section 4.1.2', () => {
  test.each<[string, string, string]>([
    ['several atoms', 'a.b.c', 'a.b.c'],
    ['every character of an atom', "azAZ09!#$%&'*+-/=?^_`{|}~", "azAZ09!#$%&'*+-/=?^_`{|}~"],
    ['a quoted atom', '"a"', 'a'],
    ['an empty quotation', '""', ''],
    ['quoted specials', '"a b@c.(d),;:<>[]"', 'a b@c.(d),;:<>[]'],
    ['quoted pairs', String.raw`"\"\\\a"`, String.raw`"\a`],
    ['a local part of 308 characters, with which the address has 320', 'a'.repeat(308), 'a'.repeat(308)],
  ])('4.2.1.10 %s is a mailbox', (_, local, localPart) => {
    expect(readMailAddress(local + HOST)).toEqual({ localPart, host });
  });

  test.each<[string, string]>([
    ['no local part', ''],
    ['an address of 321 characters', 'a'.repeat(309)],
    ['a dot at the start', '.a'],
    ['a dot at the end', 'a.'],
    ['two dots in a row', 'a..b'],
    ['a space before an atom', ' a'],
    ['a space after an atom', 'a '],
    ['text before a quotation', 'a"b"'],
    ['text after a quotation', '"a"b'],
    ['an open quotation', '"a'],
    ['a quotation mark alone', '"'],
    ['a quotation that ends with an escaped mark', String.raw`"a\"`],
    ['a quotation mark inside', '"a"b"'],
    ['a control in a quotation', '"a\u0007"'],
    ['an escaped control', '"\\\u007f"'],
    ['a letter beyond ASCII', 'ä'],
    ['a quoted letter beyond ASCII', '"ä"'],
  ])('4.2.1.10 %s is none', (_, local) => {
    expect(readMailAddress(local + HOST)).toBeUndefined();
  });

  test('4.2.1.10 a text without an at sign is none, nor is one without a host', () => {
    expect([readMailAddress('example.com'), readMailAddress('a@')]).toEqual([undefined, undefined]);
  });

  test('4.2.1.10 the host is compared in lower case, the local part exactly', () => {
    expect(readMailAddress('Jane@Example.COM')).toEqual({ localPart: 'Jane', host });
  });
});

describe('RFC 9598 section 3', () => {
  test.each([
    ['letters beyond ASCII', 'jäne.döe'],
    ['an ASCII letter', 'a'],
    ['characters beyond 16 bits', '😀'],
    ['every other character of an atom', "azAZ09!#$%&'*+-/=?^_`{|}~"],
    ['U+0080', '\u0080'],
    ['U+10FFFF', '\u{10ffff}'],
  ])('4.2.1.10 %s can be a local part', (_, localPart) => {
    expect(readInternationalMailAddress(localPart + HOST)).toEqual({ localPart, host });
  });

  test.each([
    ['a dot at the start', '.ä'],
    ['a dot at the end', 'ä.'],
    ['two dots in a row', 'ä..ö'],
    ['a space before', ' ä'],
    ['a space after', 'ä '],
    ['U+007F', '\u007f'],
  ])('4.2.1.10 %s cannot', (_, local) => {
    expect(readInternationalMailAddress(local + HOST)).toBeUndefined();
  });
});
