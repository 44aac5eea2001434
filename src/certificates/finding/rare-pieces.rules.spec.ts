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
    ['the rarest ones come first', '1bc4ef7hi', known({ '7hi': 1e-4, c4e: 1e-2 }, 0.05), '%c4e%7hi%'],
    ['they do not overlap', 'abcdef', known({ bcd: 1e-4, cde: 1e-4 }, 0.01), undefined],
    [
      'one of each word comes before a second one of a word',
      '1bc4ef-xyz',
      known({ '1bc': 1e-3, '4ef': 1e-3, xyz: 5e-3 }),
      '%1bc%xyz%',
    ],
    ['of a rare name, all are searched', 'xhemajli', known({ ema: 0.011 }, 0.01), undefined],
    [
      'of a rare name and a number, one each',
      'xhemajli77777',
      known({ ema: 0.011, '777': 5e-3, i77: 0.01 }, 0.01),
      '%xhe%777%',
    ],
    [
      'of two names, one each, although a second one of the first is rarer',
      'zgraggen.maria',
      known({ mar: 0.02, ari: 0.02, ria: 0.02, zgr: 1e-4, agg: 1e-4 }, 0.01),
      '%zgr%mar%',
    ],
    [
      'a trigram of two names is of both',
      'euphemia xhemajli',
      known({ aqx: 3e-3, iaq: 0.15, hem: 0.015 }, 0.01),
      undefined,
    ],
    [
      'a trigram that many rows have is left out',
      '1bc4ef7hi',
      known({ '1bc': 0.9, '4ef': 1e-3, '7hi': 1e-4 }, 0.05),
      '%4ef%7hi%',
    ],
    ['of frequent trigrams, all are searched', 'acme,ag,mar', known({ mar: 0.1 }, 0.9), undefined],
    ['also if a blank is between the words', 'abcdef xyz', known({ abc: 1e-3, def: 1e-3, xyz: 5e-3 }, 1), '%abc%xyz%'],
    ['one of two words does not overlap the next', 'abc xyz', known({ cqx: 1e-3, xyz: 1e-2, abc: 0.1 }, 1), '%cqx%'],
    ['a trigram of two words may be rare', 'acme ag mar', known({ gqm: 1e-6 }, 0.9), '%gqm%'],
    ['a trigram that occurs twice is one piece', '1bc1bc', known({ bc1: 0.5, c1b: 0.5 }), '%1bc%'],
    [
      'letters that some databases have no trigrams of are left out',
      'müller.xyz1',
      known({ lle: 1e-3, xyz: 1e-3 }, 0.5),
      '%lle%xyz%',
    ],
    ['one rare piece is enough where all others are in every row', '0123456701ab', known({ '1ab': 1e-3 }, 1), '%1ab%'],
    ['but not where they leave out more than it does', '0123456701ab', known({ '1ab': 1e-2 }, 0.2), undefined],
    ['wildcards are text', 'ab_cd3fgh%', known({}), '%cd3%fgh%'],
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
