import { describe, expect, it } from 'vitest';

import { nearestName } from './nearest-name.rules.js';

const KNOWN = ['keyTypes', 'wellFormed', 'maxValidityDays', 'CN'];

describe('nearestName', () => {
  it.each<[string, string, readonly string[], string]>([
    ['ok/a letter too few', 'keyType', KNOWN, 'keyTypes'],
    ['ok/a letter too many at the end', 'keyTypess', KNOWN, 'keyTypes'],
    ['ok/a letter too many at the start', 'xkeyTypes', KNOWN, 'keyTypes'],
    ['ok/another letter', 'weIlFormed', KNOWN, 'wellFormed'],
    ['ok/another case', 'MAXVALIDITYDAYS', KNOWN, 'maxValidityDays'],
    ['ok/two letters of five', 'abcxy', ['abcde'], 'abcde'],
    ['ok/two letters more on three', 'abcde', ['abc'], 'abc'],
    ['ok/the nearest of several', 'abcde', ['abxye', 'abcxe', 'abxde2'], 'abcxe'],
    ['ok/the first of two as near', 'abd', ['abc', 'abe'], 'abc'],
  ])('2.12 %s', (_title, name, known, near) => {
    expect(nearestName(name, known)).toBe(near);
  });

  it.each([
    ['fail/another word', 'colour'],
    ['fail/half of one', 'maxValid'],
    ['fail/nothing', ''],
    ['fail/three letters of five', 'CNabc'],
  ])('2.12 %s', (_title, name) => {
    expect(nearestName(name, KNOWN)).toBeUndefined();
  });
});
