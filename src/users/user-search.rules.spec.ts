import { describe, expect, it } from 'vitest';

import { foldedStart, MAX_PART, patternOfPart, readFilterText, readPart, searchColumns } from './user-search.rules.js';

const JANE = {
  extId: 'Jane-1',
  loginId: 'JANE',
  firstName: 'Jané',
  familyName: 'Große  Doe',
  email: 'Jane.Doe@ACME.test',
  version: 3,
};

describe('the search columns of a user', () => {
  it('8.3 they hold the folded values of a version', () => {
    expect(searchColumns(JANE)).toEqual({
      loginIdFolded: 'jane',
      familyNameFolded: 'grosse  doe',
      emailFolded: 'jane.doe@acme.test',
      searchText: 'jané grosse doe\njane\njane.doe@acme.test\njane-1',
      searchVersion: 3,
    });
  });

  it('8.3 what a user lacks is null, and no part is found across two values', () => {
    const columns = searchColumns({ ...JANE, firstName: null, familyName: null, email: null });
    expect(columns).toMatchObject({ familyNameFolded: null, emailFolded: null, searchText: '\njane\n\njane-1' });
    expect(searchColumns({ ...JANE, firstName: 'a\nb', familyName: null }).searchText.split('\n')).toHaveLength(4);
  });

  it('8.3 no folded value is too long for an index, and its beginning is cut in the same way', () => {
    // One character that folds to 18.
    const longest = 'ﷺ'.repeat(250);
    expect(Buffer.byteLength(searchColumns({ ...JANE, familyName: longest }).familyNameFolded ?? '')).toBeLessThan(
      2_300,
    );
    expect(foldedStart('😀'.repeat(600))).toBe('😀'.repeat(512));
    expect(searchColumns({ ...JANE, familyName: longest }).familyNameFolded).toBe(foldedStart(`${longest}x`));
  });
});

describe('a part to look for', () => {
  it.each([
    ['Doe', 'doe'],
    ['  GROSSE\t\n Doe ', 'grosse doe'],
    ['Straße', 'strasse'],
    ['ß1', 'ss1'],
    ['@ac', '@ac'],
    ['😀😀😀', '😀😀😀'],
    ['x'.repeat(MAX_PART), 'x'.repeat(MAX_PART)],
    ['😀'.repeat(MAX_PART), '😀'.repeat(MAX_PART)],
  ])('8.3 ok/%j is %j', (text, part) => {
    expect(readPart(text)).toBe(part);
  });

  it.each(['', 'ab', ' a ', '  a   ', '😀😀', 'x'.repeat(MAX_PART + 1), '😀'.repeat(MAX_PART + 1)])(
    '8.3 fail/%j is too short or too long',
    (text) => {
      expect(readPart(text)).toBeUndefined();
    },
  );

  it.each([
    ['doe', '%doe%'],
    ['100%', String.raw`%100\%%`],
    ['a_b', String.raw`%a\_b%`],
    [String.raw`a\b`, String.raw`%a\\b%`],
    ['***', '%***%'],
  ])('8.3 the pattern of %j has no other wildcards: %s', (part, pattern) => {
    expect(patternOfPart(part)).toBe(pattern);
  });
});

describe('the value of a filter', () => {
  it.each([
    ['Doe', 'equals', 'Doe'],
    ['', 'equals', ''],
    ['*oe', 'equals', '*oe'],
    ['D*e', 'equals', 'D*e'],
    [String.raw`D\*e`, 'equals', String.raw`D\*e`],
    [String.raw`Doe\\`, 'equals', String.raw`Doe\\`],
    ['Doe*', 'begins', 'Doe'],
    ['😀*', 'begins', '😀'],
    ['a b *', 'begins', 'a b '],
    [String.raw`Doe\*`, 'equals', 'Doe*'],
    [String.raw`\*`, 'equals', '*'],
    [String.raw`\**`, 'begins', '*'],
    [String.raw`D\*e*`, 'begins', 'D*e'],
    [String.raw`Doe\\*`, 'begins', String.raw`Doe` + '\\'],
    [String.raw`Doe\\\*`, 'equals', String.raw`Doe` + '\\*'],
    [String.raw`D\e*`, 'begins', String.raw`D\e`],
  ])('8.3 ok/%s is: %s %s', (sent, kind, text) => {
    expect(readFilterText(sent)).toEqual({ kind, text });
  });

  it.each(['*', '**', 'D*e*', '*oe*', String.raw`*\*`])('8.3 fail/%s is invalid', (sent) => {
    expect(readFilterText(sent).kind).toBe('invalid');
  });
});
