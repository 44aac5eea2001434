import { foldCase } from './fold-case.js';

/** Whitespace, comma and semicolon separate words, as in `Doe, Jane`. A dot, a hyphen and an `@` are part of a word. */
const BETWEEN_WORDS = /[\s,;]+/u;

/**
 * The folded words of a text, separated and surrounded by single spaces. A text contains another as a sequence of whole
 * words exactly if its folded words include the other's. A text without words is one space.
 */
export function foldedWords(text: string): string {
  const words = foldCase(text)
    .split(BETWEEN_WORDS)
    .filter((word) => word !== '');
  return words.length === 0 ? ' ' : ` ${words.join(' ')} `;
}

export function hasWords(text: string): boolean {
  return foldedWords(text) !== ' ';
}
