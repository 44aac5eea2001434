import { describe, expect, it } from 'vitest';

import { foldedWords, hasWords } from './words.js';

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

  it('6.2 ok/hasWords', () => {
    expect(hasWords('a')).toBe(true);
    expect(hasWords(' , ')).toBe(false);
    expect(hasWords('')).toBe(false);
  });
});
