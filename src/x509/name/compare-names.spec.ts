import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';

import { type AttributeParts, distinguishedName, hex } from '../../../test/support/der.js';
import { DerReader } from '../der/der-reader.js';
import { Tag } from '../der/tag.js';
import { isWithinSubtree, nameKey } from './compare-names.js';
import type { Name } from './name.js';
import { readName } from './read-name.js';

const CN = '2.5.4.3';
const OU = '2.5.4.11';
const O = '2.5.4.10';
const DC = '0.9.2342.19200300.100.1.25';
const EMAIL = '1.2.840.113549.1.9.1';

function named(...rdns: readonly (readonly AttributeParts[])[]): Name {
  return readName(new DerReader(distinguishedName(...rdns)).next(), []);
}

const text = (value: string, tag: number = Tag.utf8String) => named([[CN, tag, value]]);
const bmp = (value: string) => named([[CN, Tag.bmpString, utf16(value)]]);
const utf16 = (value: string) => Buffer.from(value, 'utf16le').swap16();

const areEqual = (one: Name, other: Name) => nameKey(one) === nameKey(other);

describe('names are equal', () => {
  it.each<[string, Name, Name]>([
    ['in another case', text('Example CA'), text('eXAMPLE ca')],
    ['as PrintableString and UTF8String', text('Example CA', Tag.printableString), text('Example CA')],
    ['as BMPString and UTF8String', bmp('Zoë'), text('zoë')],
    ['as TeletexString and UTF8String', named([[CN, Tag.teletexString, hex('5a6feb')]]), text('Zoë')],
    ['with spaces at both ends', text('  Example CA '), text('Example CA')],
    ['with several spaces inside', text('Example   CA'), text('Example CA')],
    ['with a tabulator, a line end or a no-break space for a space', text('A\tB\nC\u00a0D'), text('a b c d')],
    ['with only spaces and without any text', text('   '), text('')],
    ['with a soft hyphen, a zero-width space or a control', text('Exa\u00admp\u200ble\u0007'), text('example')],
    ['in compatibility forms', text('ＡＢＣ ﬁ'), text('abc fi')],
    ['composed and decomposed', text('Zo\u00eb'), text('Zoe\u0308')],
    ['with full case folding', text('STRASSE'), text('straße')],
    ['with a final sigma', text('ΟΔΟΣ'), text('οδος')],
    [
      'with domain components in another case',
      named([[DC, Tag.ia5String, 'Example']]),
      named([[DC, Tag.ia5String, 'eXample']]),
    ],
    [
      'with mail addresses in another case',
      named([[EMAIL, Tag.ia5String, 'A@B.test']]),
      named([[EMAIL, Tag.ia5String, 'a@b.test']]),
    ],
    [
      'with the attributes of an RDN in another order',
      named([
        [CN, Tag.utf8String, 'a'],
        [OU, Tag.utf8String, 'b'],
      ]),
      named([
        [OU, Tag.utf8String, 'B'],
        [CN, Tag.utf8String, 'A'],
      ]),
    ],
    [
      'with equal values that are not strings',
      named([[CN, Tag.bitString, hex('00ab')]]),
      named([[CN, Tag.bitString, hex('00ab')]]),
    ],
    ['with spaces at one end, beside a letter beyond ASCII', text(' Zoë CA'), text('Zoë CA  ')],
    ['with a space at the start only', text(' Example'), text('Example')],
    ['with a space at the end only', text('Example '), text('Example')],
    ['without any RDN', named(), named()],
  ])('7.1 %s', (_, one, other) => {
    expect(areEqual(one, other)).toBe(true);
  });
});

describe('names differ', () => {
  it.each<[string, Name, Name]>([
    ['in a letter', text('Example CA'), text('Example CB')],
    ['in an accent', text('Zoe'), text('Zoë')],
    ['in a space between words', text('ExampleCA'), text('Example CA')],
    ['in the type of an attribute', text('a'), named([[OU, Tag.utf8String, 'a']])],
    [
      'in the order of the RDNs',
      named([[O, Tag.utf8String, 'a']], [[CN, Tag.utf8String, 'b']]),
      named([[CN, Tag.utf8String, 'b']], [[O, Tag.utf8String, 'a']]),
    ],
    [
      'in the division into RDNs',
      named([
        [CN, Tag.utf8String, 'a'],
        [OU, Tag.utf8String, 'b'],
      ]),
      named([[CN, Tag.utf8String, 'a']], [[OU, Tag.utf8String, 'b']]),
    ],
    [
      'in the number of equal attributes',
      named([[CN, Tag.utf8String, 'a']]),
      named([
        [CN, Tag.utf8String, 'a'],
        [CN, Tag.utf8String, 'a'],
      ]),
    ],
    [
      'in one of several attributes of an RDN',
      named([
        [CN, Tag.utf8String, 'a'],
        [OU, Tag.utf8String, 'b'],
      ]),
      named([
        [CN, Tag.utf8String, 'a'],
        [OU, Tag.utf8String, 'c'],
      ]),
    ],
    ['in a space before a combining mark', text('a \u0301b'), text('a\u0301b')],
    ['in an empty RDN', named([[CN, Tag.utf8String, 'a']]), named([], [[CN, Tag.utf8String, 'a']])],
    [
      'in values that are not strings',
      named([[CN, Tag.bitString, hex('00ab')]]),
      named([[CN, Tag.bitString, hex('00ac')]]),
    ],
    [
      'in a string and another type with the same octets',
      text('0402abcd'),
      named([[CN, Tag.octetString, hex('abcd')]]),
    ],
    [
      'in the division of sorted attributes into RDNs',
      named([
        [OU, Tag.utf8String, 'a'],
        [CN, Tag.utf8String, 'b'],
      ]),
      named([[OU, Tag.utf8String, 'a']], [[CN, Tag.utf8String, 'b']]),
    ],
    [
      'in a digit that belongs to the type or to the text',
      named([['2.5.4.3', Tag.utf8String, '1a']]),
      named([['2.5.4.31', Tag.utf8String, 'a']]),
    ],
    [
      'in octets that belong to the value, or could be digits of the type',
      named([['2.5.4.3', Tag.octetString, hex('020105')]]),
      named([['2.5.4.30403', Tag.integer, hex('05')]]),
    ],
    [
      'in digits that belong to a text, or to the type of the next attribute',
      named([
        ['2.1.1', Tag.utf8String, 'a2.'],
        ['2.5.4.3', Tag.utf8String, 'b'],
      ]),
      named([
        ['2.1.1', Tag.utf8String, 'a'],
        ['2.2.5.4.3', Tag.utf8String, 'b'],
      ]),
    ],
    ['in two words and one, beside a letter beyond ASCII', text('Zoë CA'), text('ZoëCA')],
    ['in a dotless i', text('ı'), text('i')],
    ['in a space that carries a mark', text('a \u0301b'), text('a\u0301b')],
    ['in a space before a space that carries a mark', text('a  \u0301b'), text('a \u0301b')],
  ])('7.1 %s', (_, one, other) => {
    expect(areEqual(one, other)).toBe(false);
  });
});

describe('a name is within a subtree', () => {
  const acme = named([[O, Tag.utf8String, 'Acme']]);
  const unit = named([[O, Tag.printableString, 'ACME']], [[OU, Tag.utf8String, 'Unit']]);

  it.each<[string, Name, Name, boolean]>([
    ['that is equal', acme, acme, true],
    ['with fewer RDNs', unit, acme, true],
    ['without RDNs', unit, named(), true],
    ['with more RDNs: no', acme, unit, false],
    ['whose value is only the beginning of its own: no', named([[O, Tag.utf8String, 'Acme Ltd']]), acme, false],
    [
      'whose RDN is only a part of its own: no',
      named([
        [CN, Tag.utf8String, 'a'],
        [OU, Tag.utf8String, 'b'],
      ]),
      text('a'),
      false,
    ],
    ['whose RDNs come later: no', named([[CN, Tag.utf8String, 'x']], [[O, Tag.utf8String, 'Acme']]), acme, false],
  ])('4.2.1.10 %s', (_, name, subtree, expected) => {
    expect(isWithinSubtree(name, subtree)).toBe(expected);
  });
});

const value = fc.string({
  unit: fc.constantFrom(...Array.from('aAbßẞſKΣςσı İ \u0301\u00ad\u00a0\u0000\u0001\u0002\u0003\u0004ﬁ😀')),
  maxLength: 5,
});
const attribute = fc.tuple(fc.constantFrom(CN, OU), fc.constantFrom(Tag.utf8String, Tag.octetString), value);
const rdns = fc.array(fc.array(attribute, { minLength: 1, maxLength: 3 }), { maxLength: 4 });

test('7.1 the order of a set does not change a key', () => {
  fc.assert(
    fc.property(rdns, (sets) => {
      expect(nameKey(named(...sets.map((set) => set.toReversed())))).toBe(nameKey(named(...sets)));
    }),
  );
});

const textOf = (name: Name) => /\u0001([^\u0003]*)\u0003/u.exec(nameKey(name))?.[1]?.replaceAll('\u0000', ' ') ?? '';

test('7.1 the text of a key is prepared: preparing it again changes nothing', () => {
  fc.assert(
    fc.property(fc.oneof(value, fc.string({ unit: 'binary', maxLength: 8 })), (any) => {
      fc.pre(any.isWellFormed());
      const once = text(any);
      expect(nameKey(text(textOf(once)))).toBe(nameKey(once));
    }),
  );
});

test('4.2.1.10 a name is within exactly the subtrees that are its first RDNs', () => {
  fc.assert(
    fc.property(rdns, rdns, (name, subtree) => {
      const first = named(...name.slice(0, subtree.length));
      expect(isWithinSubtree(named(...name), named(...subtree))).toBe(areEqual(first, named(...subtree)));
    }),
  );
});

test('4.2.1.10 a name is within every subtree of its own RDNs', () => {
  fc.assert(
    fc.property(rdns, fc.nat(4), (name, length) => {
      expect(isWithinSubtree(named(...name), named(...name.slice(0, length)))).toBe(true);
    }),
  );
});
