import { expect, test } from 'vitest';

import { asciiOf } from './logger.js';

test.each([
  ['/clients/100', '/clients/100'],
  ['a line\nanother', 'a line\\u{a}another'],
  ['\u001b[31m', '\\u{1b}[31m'],
  ['\u202eevil', '\\u{202e}evil'],
  ['jürg', 'j\\u{fc}rg'],
  ['\u{1f600}', '\\u{1f600}'],
  ['half \ud83d', 'half \\u{d83d}'],
])('%j is logged as %j', (text, shown) => {
  expect(asciiOf(text)).toBe(shown);
});

test('a long text is cut and ends in three dots', () => {
  expect(asciiOf('x'.repeat(301))).toBe(`${'x'.repeat(300)}…`);
});
