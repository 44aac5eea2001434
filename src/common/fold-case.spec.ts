import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { caseFolding, foldCase, foldedValue, foldedWords, hasWords } from './fold-case.js';

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

describe('foldCase', () => {
  it.each([
    ['ok/plain', 'Jane Doe', 'JANE DOE'],
    ['ok/sharp s', 'Groß', 'GROSS'],
    ['ok/capital sharp s', 'GROẞ', 'gross'],
    ['ok/final sigma', 'ΟΔΟΣ', 'οδοσ'],
    ['ok/final sigma before a comma', 'οδος,', 'ΟΔΟΣ,'],
    ['ok/composed and decomposed', 'Zu\u0308rich', 'ZÜRICH'],
    ['ok/full width', 'ＪＡＮＥ', 'jane'],
    ['ok/Cherokee', 'ꭰ', 'Ꭰ'],
    ['ok/ligature', 'ﬁle', 'FILE'],
  ])('2.4 %s', (_title, one, other) => {
    expect(foldCase(one)).toBe(foldCase(other));
  });

  it.each([
    ['fail/another letter', 'Doe', 'Dae'],
    ['fail/another accent', 'Zürich', 'Zurich'],
    ['fail/a look-alike of another script', 'Dоe', 'Doe'],
    ['fail/a dotless i', 'mıke', 'mike'],
    ['fail/a dotless i and the capital', 'mıke', 'MIKE'],
    ['fail/a capital i with a dot', 'MİKE', 'mike'],
    ['fail/a zero-width space inside', 'D\u200Boe', 'Doe'],
  ])('2.4 %s', (_title, one, other) => {
    expect(foldCase(one)).not.toBe(foldCase(other));
  });

  it('2.4 more than thirty marks in a row are not sorted, as that would take quadratic time', () => {
    expect(foldCase(`a${'\u0301'.repeat(29)}\u0316`)).toBe(foldCase(`a\u0316${'\u0301'.repeat(29)}`));
    expect(foldCase(`a${'\u0301'.repeat(200)}\u0316`).indexOf('\u0316')).toBeGreaterThan(150);
    expect(foldCase('\u0316\u0301'.repeat(1_000_000)).length).toBeGreaterThan(2_000_000);
  });
});

describe('foldedWords', () => {
  it.each([
    ['ok/one word', 'Doe', ' doe '],
    ['ok/words by any white space', '\tJane\u00a0 \nDoe ', ' jane doe '],
    ['ok/a listed name', 'Doe, Jane', ' doe jane '],
    ['ok/an address is one word', 'Jane.Doe@acme.example', ' jane.doe@acme.example '],
    ['ok/a hyphen joins', 'Doe-Smith', ' doe-smith '],
    ['ok/nothing but separators', ' ,; ', ' '],
  ])('6.2 %s', (_title, text, words) => {
    expect(foldedWords(text)).toBe(words);
  });

  it.each([
    ['ok/case and the number of spaces make no difference', ' ACME\u00a0  Straße ', 'acme strasse'],
    ['ok/a comma and a semicolon do', 'Acme, Inc;', 'acme, inc;'],
    ['ok/nothing', ' ', ''],
  ])('6 %s', (_title, text, value) => {
    expect(foldedValue(text)).toBe(value);
  });

  it('6.2 ok/hasWords', () => {
    expect(hasWords('a')).toBe(true);
    expect(hasWords(' , ')).toBe(false);
    expect(hasWords('')).toBe(false);
  });
});
