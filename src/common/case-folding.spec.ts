import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { caseFolding } from './case-folding.js';
import { foldCase } from './fold-case.js';

const LISTED = new Map(
  readFileSync(new URL('../../test/fixtures/case-folding.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' ').map((hex) => String.fromCodePoint(Number.parseInt(hex, 16))))
    .map(([from = '', ...to]) => [from, to.join('')] as const),
);

const ASSIGNED = Array.from({ length: 0x11_0000 }, (_, code) => String.fromCodePoint(code)).filter((character) =>
  /^\p{Assigned}$/u.test(character),
);

const named = (character: string) => `U+${character.codePointAt(0)?.toString(16)}`;

describe('caseFolding', () => {
  it('2.4 ok/every code point of CaseFolding.txt folds as listed there', () => {
    expect(LISTED.size).toBeGreaterThan(1500);
    expect([...LISTED].filter(([from, to]) => caseFolding(from) !== to).map(([from]) => named(from))).toEqual([]);
  });

  // The Unicode version of Node is newer than the table: other code points are compared with Node's properties.
  it('2.4 ok/every other assigned code point changes only into its other case', () => {
    const wrong = ASSIGNED.filter((character) => !LISTED.has(character)).filter((character) => {
      const folded = caseFolding(character);
      if (!/^\p{Changes_When_Casefolded}$/u.test(character)) return folded !== character;
      return folded === character || !new RegExp(`^${character}$`, 'iu').test(folded);
    });
    expect(wrong.map(named)).toEqual([]);
  });

  it('2.4 ok/folding twice is the same as folding once, with and without NFKC, for every assigned code point', () => {
    const unstable = ASSIGNED.filter((character) =>
      [caseFolding, foldCase].some((fold) => fold(fold(character)) !== fold(character)),
    );
    expect(unstable.map(named)).toEqual([]);
  });
});
