import { describe, expect, it } from 'vitest';

import { passwordLength, preparedPassword } from './password.rules.js';

describe('preparedPassword', () => {
  it.each([
    ['plain text stays', 'correct Horse', 'correct Horse'],
    ['decomposed characters are composed', 'Zu\u0308rich', 'Z\u00fcrich'],
    ['every kind of space becomes a space', 'a\u00a0b\u3000c\u2003d', 'a b c d'],
    ['spaces at the ends stay', ' a ', ' a '],
    ['case and width stay', '\uff21a', '\uff21a'],
    ['an emoji of several code points stays', '\u{1f468}\u200d\u{1f4bb}', '\u{1f468}\u200d\u{1f4bb}'],
  ])('2.13 ok/%s', (_title, sent, prepared) => {
    expect(preparedPassword(sent)).toBe(prepared);
  });

  it.each([
    ['a tab', 'a\tb'],
    ['a line end', 'a\n'],
    ['U+0085', 'a\u0085'],
    ['half of a surrogate pair', 'a\ud800'],
    ['an unassigned character', 'a\u0378'],
    ['a noncharacter', 'a\uffff'],
  ])('2.13 fail/%s', (_title, sent) => {
    expect(preparedPassword(sent)).toBeUndefined();
  });

  it('2.12 the length is counted in code points', () => {
    expect([passwordLength('\u{1f468}abc'), passwordLength('')]).toEqual([4, 0]);
  });
});
