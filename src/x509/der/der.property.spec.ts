import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { readCharacterString } from './character-string.js';
import { DerError } from './der-error.js';
import { DerReader, type DerValue, readWhole } from './der-reader.js';
import { encode } from './encode.js';
import { readObjectIdentifier } from './object-identifier.js';
import { readBitString, readCount, readIntegerOctets, readNamedBits } from './primitives.js';
import { Tag } from './tag.js';
import { readTime } from './time.js';

const tag = fc.integer({ min: 0, max: 255 }).filter((octet) => (octet & 0x1f) !== 0x1f);
const octets = (maxLength: number) => fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes));
/** Contents whose lengths are around the limits of each form of a length. */
const content = fc.oneof(
  octets(40),
  fc.constantFrom(127, 128, 129, 255, 256, 257, 65_535, 65_536).map((length) => Buffer.alloc(length, 0x5a)),
);

/** A second between the two, and its digits with `Z`. */
const timeOf = (min: string, max: string) =>
  fc.date({ min: new Date(min), max: new Date(max), noInvalidDate: true }).map((date) => {
    const iso = date.toISOString();
    return [new Date(`${iso.slice(0, 19)}Z`), `${iso.slice(0, 19).replaceAll(/[-T:]/g, '')}Z`] as const;
  });

function valueOf(identifier: number, contents: Buffer): DerValue {
  return new DerReader(encode(identifier, contents)).next();
}

describe('values', () => {
  test('what is encoded is read with the same tag, content and bytes', () => {
    fc.assert(
      fc.property(tag, content, (identifier, contents) => {
        const bytes = encode(identifier, contents);
        const value = readWhole(bytes, identifier, 'the value');
        expect(value.tag).toBe(identifier);
        expect(value.content.equals(contents)).toBe(true);
        expect(value.bytes.equals(bytes)).toBe(true);
      }),
    );
  });

  test('whatever octets can be read, encoding the result gives the same octets', () => {
    const first = fc.oneof(fc.nat(255), fc.constantFrom(0x00, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85));
    const lengths = fc.tuple(first, fc.array(fc.constantFrom(0x00, 0x01, 0x7f, 0x80), { maxLength: 5 }));
    fc.assert(
      fc.property(tag, lengths, octets(300), (identifier, [length, more], rest) => {
        const bytes = Buffer.from([identifier, length, ...more, ...rest]);
        const value = readOrUndefined(() => new DerReader(bytes).next());
        if (value !== undefined) expect(encode(value.tag, value.content).equals(value.bytes)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('a value that is cut anywhere is refused', () => {
    fc.assert(
      fc.property(tag, octets(200), fc.nat(), (identifier, contents, position) => {
        const bytes = encode(identifier, contents);
        expect(() => new DerReader(bytes.subarray(0, position % bytes.length)).next()).toThrow(DerError);
      }),
    );
  });

  test('consecutive values are read one by one, in order, up to the end', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(tag, octets(150)), { maxLength: 8 }), (values) => {
        const outer = encode(
          Tag.sequence,
          Buffer.concat(values.map(([identifier, inner]) => encode(identifier, inner))),
        );
        const reader = readWhole(outer, Tag.sequence, 'the list').inside();
        for (const [identifier, inner] of values) {
          expect(reader.nextTag).toBe(identifier);
          expect(reader.next().content.equals(inner)).toBe(true);
        }
        expect(reader.atEnd).toBe(true);
      }),
    );
  });
});

describe('integers', () => {
  const integer = fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n });

  test('an integer of any size and sign has the value that was encoded', () => {
    fc.assert(
      fc.property(integer, (number) => {
        const read = readIntegerOctets(valueOf(Tag.integer, twosComplement(number)));
        expect(BigInt.asIntN(read.length * 8, BigInt(`0x${read.toString('hex')}`))).toBe(number);
      }),
    );
  });

  test('an integer with a superfluous sign octet is refused', () => {
    fc.assert(
      fc.property(integer, (number) => {
        const padded = Buffer.concat([Buffer.of(number < 0n ? 0xff : 0x00), twosComplement(number)]);
        expect(() => readIntegerOctets(valueOf(Tag.integer, padded))).toThrow('not minimal');
      }),
    );
  });

  test('a count is the number that was encoded, and any other number is refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeNat(), fc.nat(2 ** 31 - 1), fc.maxSafeInteger()), (number) => {
        const value = valueOf(Tag.integer, twosComplement(BigInt(number)));
        if (number >= 0 && number < 2 ** 31) expect(readCount(value)).toBe(number);
        else expect(() => readCount(value)).toThrow(DerError);
      }),
    );
  });
});

describe('object identifiers', () => {
  const arc = fc.oneof(fc.bigInt({ min: 0n, max: 200n }), fc.bigInt({ min: 0n, max: 2n ** 80n }));
  const firstTwo = fc.oneof(
    fc.tuple(fc.constantFrom(0n, 1n), fc.bigInt({ min: 0n, max: 39n })),
    fc.tuple(fc.constant(2n), arc),
  );

  test('an object identifier with arcs of any size has the dotted form that was encoded', () => {
    fc.assert(
      fc.property(firstTwo, fc.array(arc, { maxLength: 8 }), ([first, second], rest) => {
        const encoded = Buffer.from([40n * first + second, ...rest].flatMap(base128));
        expect(readObjectIdentifier(valueOf(Tag.objectIdentifier, encoded))).toBe([first, second, ...rest].join('.'));
      }),
    );
  });

  test('whatever octets are an object identifier, encoding its dotted form gives the same octets', () => {
    fc.assert(
      fc.property(octets(12), (encoded) => {
        const dotted = readOrUndefined(() => readObjectIdentifier(valueOf(Tag.objectIdentifier, encoded)));
        if (dotted === undefined) return;
        const [first = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
        expect(Buffer.from([40n * first + second, ...rest].flatMap(base128))).toEqual(encoded);
      }),
      { numRuns: 500 },
    );
  });
});

describe('other primitive types', () => {
  const wellFormed = fc.string({ unit: 'binary', maxLength: 60 });

  test('a text has the characters that were encoded, in every type that can hold them', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
        const universal = Buffer.alloc(points.length * 4);
        points.forEach((point, index) => universal.writeUInt32BE(point, index * 4));
        expect(readCharacterString(valueOf(Tag.utf8String, Buffer.from(text)), [])).toBe(text);
        expect(readCharacterString(valueOf(Tag.universalString, universal), [])).toBe(text);
        const basic = points
          .filter((point) => point <= 0xffff)
          .map((point) => String.fromCodePoint(point))
          .join('');
        const bmp = Buffer.from(basic, 'utf16le').swap16();
        expect(readCharacterString(valueOf(Tag.bmpString, bmp), [])).toBe(basic);
      }),
    );
  });

  test('whatever octets are a text, encoding it gives the same octets', () => {
    fc.assert(
      fc.property(octets(16), (bytes) => {
        const utf8 = readOrUndefined(() => readCharacterString(valueOf(Tag.utf8String, bytes), []));
        if (utf8 !== undefined) expect(Buffer.from(utf8)).toEqual(bytes);
        const bmp = readOrUndefined(() => readCharacterString(valueOf(Tag.bmpString, bytes), []));
        if (bmp !== undefined) expect(Buffer.from(bmp, 'utf16le').swap16()).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });

  test('a list of named bits has the bits that were encoded, in ascending order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(40), { maxLength: 12 }), (bits) => {
        const ascending = bits.toSorted((one, other) => one - other);
        const count = (ascending.at(-1) ?? -1) + 1;
        const bytes = Buffer.alloc(Math.ceil(count / 8));
        for (const bit of bits) bytes.writeUInt8(bytes.readUInt8(bit >> 3) | (0x80 >> (bit & 7)), bit >> 3);
        const value = valueOf(Tag.bitString, Buffer.concat([Buffer.of(bytes.length * 8 - count), bytes]));
        const problems: string[] = [];
        expect(readNamedBits(value, problems)).toEqual(ascending);
        expect(problems).toEqual([]);
      }),
    );
  });

  test('whatever octets are a bit string, encoding it gives the same octets', () => {
    fc.assert(
      fc.property(fc.nat(9), octets(4), (unused, bytes) => {
        const encoded = Buffer.concat([Buffer.of(unused), bytes]);
        const read = readOrUndefined(() => readBitString(valueOf(Tag.bitString, encoded)));
        if (read !== undefined) expect(Buffer.concat([Buffer.of(read.unusedBits), read.octets])).toEqual(encoded);
      }),
    );
  });

  test('a time is the second that was encoded', () => {
    fc.assert(
      fc.property(timeOf('0000-01-01', '9999-12-31T23:59:59Z'), ([date, text]) => {
        expect(readTime(valueOf(Tag.generalizedTime, Buffer.from(text)))).toEqual(date);
      }),
    );
    fc.assert(
      fc.property(timeOf('1950-01-01', '2049-12-31T23:59:59Z'), ([date, text]) => {
        expect(readTime(valueOf(Tag.utcTime, Buffer.from(text.slice(2))))).toEqual(date);
      }),
    );
  });
});

/** Undefined where the octets are refused. */
function readOrUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

/** As few octets as the number needs. */
function twosComplement(number: bigint): Buffer {
  let length = 1;
  while (BigInt.asIntN(length * 8, number) !== number) length += 1;
  return Buffer.from(
    BigInt.asUintN(length * 8, number)
      .toString(16)
      .padStart(length * 2, '0'),
    'hex',
  );
}

function base128(arc: bigint): number[] {
  const groups = [Number(arc % 128n)];
  for (let rest = arc / 128n; rest > 0n; rest /= 128n) groups.unshift(128 + Number(rest % 128n));
  return groups;
}
