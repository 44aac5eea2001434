import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { joinWords, rarePieces, sharesOf, type TrigramShares } from './rare-pieces.rules.js';
import { readPart } from './search-values.rules.js';

const known = (shares: Record<string, number>, rest = 0.001): TrigramShares => ({
  shares: new Map(Object.entries(shares)),
  rest,
});

const piecesOf = (text: string, shares: TrigramShares) => rarePieces(readPart(text) ?? '', shares);

describe('rarePieces', () => {
  test.each<[string, string, TrigramShares, string | undefined]>([
    ['two rare trigrams are enough', 'ab6b9e7d0bc846a1', known({}), '%ab6%b9e%'],
    ['the rarest ones come first', 'abcdefghi', known({ ghi: 1e-4, cde: 1e-2 }, 0.05), '%cde%ghi%'],
    ['they do not overlap', 'abcdef', known({ bcd: 1e-4, cde: 1e-4 }, 0.01), undefined],
    [
      'one of each word comes before a second one of a word',
      'abcdef-xyz',
      known({ abc: 1e-3, def: 1e-3, xyz: 5e-3 }),
      '%abc%xyz%',
    ],
    [
      'a trigram that many rows have is left out',
      'abcdefghi',
      known({ abc: 0.9, def: 1e-3, ghi: 1e-4 }, 0.05),
      '%def%ghi%',
    ],
    ['of frequent trigrams, all are searched', 'acme,ag,mar', known({ mar: 0.1 }, 0.9), undefined],
    ['also if a blank is between the words', 'abcdef xyz', known({ abc: 1e-3, def: 1e-3, xyz: 5e-3 }, 1), '%abc%xyz%'],
    ['one of two words does not overlap the next', 'abc xyz', known({ cqx: 1e-3, xyz: 1e-2, abc: 0.1 }, 1), '%cqx%'],
    ['a trigram of two words may be rare', 'acme ag mar', known({ gqm: 1e-6 }, 0.9), '%gqm%'],
    ['a trigram that occurs twice is one piece', 'abcabc', known({ bca: 0.5, cab: 0.5 }), '%abc%'],
    [
      'letters that some databases have no trigrams of are left out',
      'müllerxyz',
      known({ lle: 1e-3, rxy: 1e-3 }, 0.5),
      '%lle%rxy%',
    ],
    ['one rare piece is enough where all others are in every row', '0123456701ab', known({ '1ab': 1e-3 }, 1), '%1ab%'],
    ['but not where they leave out more than it does', '0123456701ab', known({ '1ab': 1e-2 }, 0.2), undefined],
    ['wildcards are text', 'ab_cdefghi%', known({}), '%cde%fgh%'],
  ])('%s', (_, text, shares, expected) => {
    expect(piecesOf(text, shares)).toBe(expected);
  });

  test('whatever contains the text contains, with joined words, its pieces in their order', () => {
    const letter = fc.constantFrom(...Array.from('abcde01 .-@%_\\üß😀'));
    const text = fc.array(letter, { minLength: 3, maxLength: 60 }).map((letters) => letters.join(''));
    const shares = fc.dictionary(fc.stringMatching(/^[a-e01q]{3}$/), fc.double({ min: 1e-6, max: 1, noNaN: true }));
    fc.assert(
      fc.property(text, shares, (sent, some) => {
        const pattern = readPart(sent);
        const pieces = pattern === undefined ? undefined : rarePieces(pattern, known(some));
        if (pieces === undefined) return;
        expect(pieces).toMatch(/^%(?:[a-z0-9]{3}%)+$/);
        expect(joinWords(pattern ?? '').replaceAll('\\', '')).toMatch(new RegExp(pieces.replaceAll('%', '.*'), 'su'));
      }),
    );
  });
});

describe('sharesOf', () => {
  test('a trigram that was not counted is at least as frequent as three rows of the sample', () => {
    const shares = sharesOf([{ trigram: 'abc', count: 500, rows: 1_000 }]);
    expect(shares).toEqual({ shares: new Map([['abc', 0.5]]), rest: 0.003 });
  });

  test.each([[[]], [[{ trigram: 'abc', count: 500, rows: 999 }]]])('nothing is known of few rows', (counted) => {
    expect(sharesOf(counted)).toBeUndefined();
  });
});
