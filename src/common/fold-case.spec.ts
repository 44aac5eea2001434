import { describe, expect, it } from 'vitest';

import { foldCase } from './fold-case.js';

describe('foldCase', () => {
  it.each([
    ['ok/plain', 'Jane Doe', 'JANE DOE'],
    ['ok/sharp s', 'Groß', 'GROSS'],
    ['ok/capital sharp s', 'GROẞ', 'gross'],
    ['ok/final sigma', 'ΟΔΟΣ', 'οδοσ'],
    ['ok/final sigma before a comma', 'οδος,', 'ΟΔΟΣ,'],
    ['ok/composed and decomposed', 'Zu\u0308rich', 'ZÜRICH'],
    ['ok/full width', 'ＪＡＮＥ', 'jane'],
    ['ok/ligature', 'ﬁle', 'FILE'],
  ])('2.4 %s', (_title, one, other) => {
    expect(foldCase(one)).toBe(foldCase(other));
  });

  it.each([
    ['fail/another letter', 'Doe', 'Dae'],
    ['fail/an accent is no case', 'Zürich', 'Zurich'],
    ['fail/a look-alike of another script', 'Dоe', 'Doe'],
    ['fail/a zero-width space inside', 'D\u200Boe', 'Doe'],
  ])('2.4 %s', (_title, one, other) => {
    expect(foldCase(one)).not.toBe(foldCase(other));
  });

  it('2.4 ok/folding twice changes nothing more', () => {
    for (let code = 0; code < 0x3_0000; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const folded = foldCase(String.fromCodePoint(code));
      if (foldCase(folded) !== folded) throw new Error(`U+${code.toString(16)} is not stable`);
    }
  });
});
