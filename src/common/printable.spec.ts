import { describe, expect, it } from 'vitest';

import { printable } from './printable.js';

describe('printable', () => {
  it.each([
    ['ok/plain text stays', 'CN=Jane Doe, Zürich 東京', 'CN=Jane Doe, Zürich 東京'],
    ['ok/line feed', 'a\nb', 'a\\0Ab'],
    ['ok/NUL, escape, DEL', '\u0000\u001b\u007f', '\\00\\1B\\7F'],
    ['ok/C1 control', '\u0085', '\\C2\\85'],
    ['ok/line separator', '\u2028', '\\E2\\80\\A8'],
    ['ok/right-to-left override', 'a\u202eb', 'a\\E2\\80\\AEb'],
    ['ok/zero width space is a format character', 'a\u200bb', 'a\\E2\\80\\8Bb'],
    ['ok/an escaped name stays', 'CN=Doe\\, Jane', 'CN=Doe\\, Jane'],
    ['ok/an unpaired surrogate is replaced', 'a\ud800b', 'a\ufffdb'],
    ['ok/an astral character stays', 'a😀b', 'a😀b'],
  ])('6.3 %s', (_title, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('6.3 ok/250 characters are kept', () => {
    expect(printable('x'.repeat(250))).toBe('x'.repeat(250));
  });

  it('6.3 ok/251 characters are cut to 250', () => {
    expect(printable('x'.repeat(251))).toBe(`${'x'.repeat(249)}…`);
  });

  it('6.3 ok/the cut does not split a character', () => {
    expect(printable(`${'x'.repeat(248)}😀y`)).toBe(`${'x'.repeat(248)}…`);
  });

  it('6.3 ok/escapes count with their printed length', () => {
    const shown = printable('\n'.repeat(1000));
    expect(shown).toHaveLength(250);
    expect(shown).toMatch(/^(\\0A){83}…$/);
  });
});
