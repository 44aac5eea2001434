import fc from 'fast-check';
import { expect, test } from 'vitest';

import { foldCase } from './fold-case.js';

/** Letters with unusual case or compatibility forms, and marks. */
const UNUSUAL = Array.from(
  'ßẞſςΣσﬁŉǰΐᾳᾼῼİIıiÅÅµΜꭰᎠⅣⓚＪ㎏ﷺ각가豈\u0301\u0307\u0308\u0323\u0327\u0345\u0344\u034f\u200d',
);

const character = fc.oneof(
  fc.constantFrom(...UNUSUAL),
  fc.integer({ min: 0x20, max: 0x24f }).map((point) => String.fromCodePoint(point)),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
const text = fc.string({ unit: character, maxLength: 12 });

test('2.4 folding a folded text changes nothing', () => {
  fc.assert(
    fc.property(text, (any) => {
      expect(foldCase(foldCase(any))).toBe(foldCase(any));
    }),
    { numRuns: 2_000 },
  );
});

test('2.4 composed, decomposed and compatibility forms of a text fold to the same', () => {
  fc.assert(
    fc.property(text, fc.constantFrom('NFC', 'NFD', 'NFKC', 'NFKD'), (any, form) => {
      expect(foldCase(any.normalize(form))).toBe(foldCase(any));
    }),
    { numRuns: 2_000 },
  );
});

test('2.4 a folded text is in NFKC', () => {
  fc.assert(
    fc.property(text, (any) => {
      const folded = foldCase(any);
      expect(folded.normalize('NFKC')).toBe(folded);
    }),
    { numRuns: 1_000 },
  );
});

test('2.4 upper and lower case of a normalized text fold to the same, but for the dotless i', () => {
  // U+0345 is a mark in lower case and a letter in upper case, so the case changes the order of normalization.
  // Some letters contain it.
  const letters = text.map((any) =>
    any
      .normalize('NFKD')
      .replaceAll(/ı|\u0345/gu, '')
      .normalize('NFKC'),
  );
  fc.assert(
    fc.property(letters, (any) => {
      expect(foldCase(any.toUpperCase())).toBe(foldCase(any));
      expect(foldCase(any.toLowerCase())).toBe(foldCase(any));
    }),
    { numRuns: 2_000 },
  );
});
