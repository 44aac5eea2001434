import fc from 'fast-check';
import { expect, test } from 'vitest';

import { encode } from '../der/encode.js';
import { Tag } from '../der/tag.js';
import { firstToDer, toDer } from './ber.js';

/** A value, with the choices that BER leaves to its writer. */
interface Value {
  readonly tag: number;
  readonly contents: Buffer | readonly Value[];
  readonly indefinite: boolean;
  /** Superfluous zero octets before the length. */
  readonly zeros: number;
  /** Where an OCTET STRING is split into the parts of a constructed one. */
  readonly split: number | undefined;
}

const CONSTRUCTED = 0x20;
const END_OF_CONTENTS = Buffer.of(0, 0);

const choices = { indefinite: fc.boolean(), zeros: fc.nat(3), split: fc.option(fc.nat(60), { nil: undefined }) };
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.record({
      ...choices,
      tag: fc.constantFrom(Tag.integer, Tag.octetString, Tag.utf8String, Tag.null, 0x80, 0x81),
      contents: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    }),
    fc.record({
      ...choices,
      tag: fc.constantFrom(Tag.sequence, Tag.set, 0xa0, 0xa1),
      contents: fc.array(tie('value'), { maxLength: 4 }),
    }),
  ),
}));

function derOf({ tag, contents }: Value): Buffer {
  return encode(tag, Buffer.isBuffer(contents) ? contents : Buffer.concat(contents.map(derOf)));
}

function berOf(one: Value): Buffer {
  const { tag, contents, zeros, split } = one;
  if (!Buffer.isBuffer(contents)) return constructed(tag, Buffer.concat(contents.map(berOf)), one);
  if (tag !== Tag.octetString || split === undefined) return definite(tag, contents, zeros);
  const parts = [contents.subarray(0, split), contents.subarray(split)];
  const inside = parts.map((part) => definite(Tag.octetString, part, zeros));
  return constructed(Tag.octetString | CONSTRUCTED, Buffer.concat(inside), one);
}

function constructed(tag: number, contents: Buffer, { indefinite, zeros }: Value): Buffer {
  return indefinite ? Buffer.concat([Buffer.of(tag, 0x80), contents, END_OF_CONTENTS]) : definite(tag, contents, zeros);
}

function definite(tag: number, contents: Buffer, zeros: number): Buffer {
  if (zeros === 0) return encode(tag, contents);
  const length = Buffer.alloc(3 + zeros);
  length.writeUIntBE(contents.length, zeros, 3);
  return Buffer.concat([Buffer.of(tag, 0x80 | length.length), length, contents]);
}

test('DER is converted to itself', () => {
  fc.assert(
    fc.property(value, (one) => {
      expect(toDer(derOf(one)).equals(derOf(one))).toBe(true);
    }),
  );
});

test('all BER encodings of a value are converted to its only DER encoding', () => {
  fc.assert(
    fc.property(value, (one) => {
      expect(toDer(berOf(one)).equals(derOf(one))).toBe(true);
    }),
  );
});

test('what follows the first value is ignored or refused, and does not change it', () => {
  fc.assert(
    fc.property(value, fc.uint8Array({ minLength: 1, maxLength: 5 }), (one, more) => {
      const followed = Buffer.concat([berOf(one), more]);
      expect(firstToDer(followed).equals(derOf(one))).toBe(true);
      expect(() => toDer(followed)).toThrow('bytes follow the end of the value');
    }),
  );
});
