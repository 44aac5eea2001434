import { foldCase } from './fold-case.js';

/** White space, and what names are listed with: `Doe, Jane`. A dot, a hyphen and an `@` belong to their word. */
const BETWEEN_WORDS = /[\s,;]+/u;

/**
 * The folded words of a text between single spaces, one at either end: a text holds another as a whole run of words
 * exactly when its words include the other's. A text without any word is one space.
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
