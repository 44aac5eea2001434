import fc from 'fast-check';
import { expect, test } from 'vitest';

import { type AttributeParts, distinguishedName, objectIdentifier, sequence, tlv } from '../../../test/support/der.js';
import { DerReader } from '../der/der-reader.js';
import { Tag } from '../der/tag.js';
import { formatName, isFormattedLonger } from './format-name.js';
import type { Name } from './name.js';
import { readName } from './read-name.js';

const TYPES = { CN: '2.5.4.3', OU: '2.5.4.11', O: '2.5.4.10', emailAddress: '1.2.840.113549.1.9.1' } as const;
type TypeName = keyof typeof TYPES;

const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom(...Array.from(' #,+"\\<>;=\u0000\u001f\u007f\u0085\u2028\u202eaé😀')),
    maxLength: 8,
  }),
);
const attribute = fc.tuple(fc.constantFrom<TypeName>('CN', 'OU', 'O', 'emailAddress'), value);
const rdns = fc.array(fc.array(attribute, { minLength: 1, maxLength: 3 }), { maxLength: 5 });

const partsOf = ([name, text]: readonly [TypeName, string]): AttributeParts => [TYPES[name], Tag.utf8String, text];

function read(der: Buffer, problems: string[] = []): Name {
  return readName(new DerReader(der).next(), problems);
}

function problemsOf(set: readonly Buffer[]): readonly string[] {
  const problems: string[] = [];
  read(sequence(tlv(Tag.set, ...set)), problems);
  return problems;
}

/** The text of RFC 4514 back to attributes: every `\` begins a hex pair or an escaped character. */
function parsed(text: string): string[][] {
  const tokens = text.match(/\\(?:[0-9A-F]{2})|\\.|[^\\]/gsu) ?? [];
  const names: string[][] = [['']];
  const add = (bytes: string) => names.at(-1)?.push((names.at(-1)?.pop() ?? '') + bytes);
  for (const token of tokens) {
    if (token === ',') names.push(['']);
    else if (token === '+') names.at(-1)?.push('');
    else if (/^\\[0-9A-F]{2}$/.test(token)) add(Buffer.from(token.slice(1), 'hex').toString('latin1'));
    else add(Buffer.from(token.replace(/^\\/, '')).toString('latin1'));
  }
  return names.map((attributes) => attributes.map((bytes) => Buffer.from(bytes, 'latin1').toString()));
}

test('a name has the attributes that were encoded, and encoding them again gives the same bytes', () => {
  fc.assert(
    fc.property(rdns, (names) => {
      const der = distinguishedName(...names.map((attributes) => attributes.map(partsOf)));
      const name = read(der);
      expect(name.der).toEqual(der);
      const found = name.relativeDistinguishedNames.map((set) => set.map(({ type, value: text }) => [type, text]));
      expect(found).toEqual(names.map((set) => set.map(([type, text]) => [TYPES[type], text])));
      const sets = name.relativeDistinguishedNames.map((set) =>
        tlv(Tag.set, ...set.map(({ type, der: bytes }) => sequence(objectIdentifier(type), bytes))),
      );
      expect(sequence(...sets)).toEqual(der);
    }),
  );
});

test('the order of a set is a problem exactly where it is not that of DER', () => {
  fc.assert(
    fc.property(fc.array(attribute, { minLength: 2, maxLength: 4 }), (attributes) => {
      const encodings = attributes.map((one) => distinguishedName([partsOf(one)]).subarray(4));
      const sorted = encodings.toSorted((one, other) => Buffer.compare(one, other));
      expect(problemsOf(sorted)).toEqual([]);
      const isSorted = encodings.every((encoding, index) => encoding.equals(sorted[index] ?? Buffer.alloc(0)));
      expect(problemsOf(encodings).length).toBe(isSorted ? 0 : 1);
    }),
  );
});

test('the displayed form of a name, unescaped, has all of its texts in reverse order', () => {
  fc.assert(
    fc.property(rdns, (names) => {
      fc.pre(names.length > 0);
      const name = read(distinguishedName(...names.map((attributes) => attributes.map(partsOf))));
      const expected = names.map((set) => set.map(([type, text]) => `${type}=${text}`).toReversed()).toReversed();
      expect(parsed(formatName(name))).toEqual(expected);
    }),
  );
});

test('the displayed form has no control characters, and no text can add an attribute', () => {
  fc.assert(
    fc.property(value, (text) => {
      const formatted = formatName(read(distinguishedName([partsOf(['CN', text])])));
      expect(formatted).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      expect(parsed(formatted)).toHaveLength(1);
    }),
  );
});

test('a displayed form is longer than a limit exactly where it has more characters', () => {
  const types = fc.constantFrom('2.5.4.3', '1.2.840.113549.1.9.1', '2.999.1', '2.5.29.32', '1.3.6.1.5.5.7.1.1');
  const any = fc.tuple(types, fc.constantFrom(Tag.utf8String, Tag.bitString), value);
  fc.assert(
    fc.property(
      fc.array(fc.array(any, { minLength: 1, maxLength: 2 }), { maxLength: 4 }),
      fc.nat(60),
      (names, limit) => {
        const name = read(distinguishedName(...names));
        expect(isFormattedLonger(name, limit)).toBe(Array.from(formatName(name)).length > limit);
      },
    ),
  );
});
