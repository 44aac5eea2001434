const DOTLESS_I = 'ı';

/**
 * Only Cherokee folds to upper case, because its small letters were added to Unicode after case foldings had become
 * stable.
 */
const SMALL_CHEROKEE = /[\u13f8-\u13fd\uab70-\uabbf]/g;

/**
 * Unicode's full case folding: statuses C and F of CaseFolding.txt.
 *
 * JavaScript has no case folding, but lower, upper, lower gives the same result for every code point except three
 * kinds: the dotless i, whose upper case is that of `i`; the final sigma, whose lower case depends on its position; and
 * Cherokee.
 */
export function caseFolding(text: string): string {
  return text
    .split(DOTLESS_I)
    .map((part) => part.toLowerCase().toUpperCase().toLowerCase())
    .join(DOTLESS_I)
    .replaceAll('ς', 'σ')
    .replaceAll(SMALL_CHEROKEE, (letter) => letter.toUpperCase());
}

/** Most text is ASCII, which can be folded twenty times faster. */
const ASCII = /^[\u0000-\u007f]*$/;

const MARKS = /\p{M}+/gu;

/** More combining marks on one letter than any language uses. */
const MAX_MARKS = 30;

/**
 * Folds text for comparison without regard to case and compatibility forms: NFKC, then full case folding. Done here
 * because folding in the database depends on the collation of the installation. Folding may decompose letters; the
 * second NFKC makes the result stable.
 */
export function foldCase(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return caseFolding(streamSafe(text).normalize('NFKC')).normalize('NFKC');
}

/** UAX #15, Stream-Safe Text Format: normalization sorts each run of marks, in time quadratic in its length. */
function streamSafe(text: string): string {
  return text.replaceAll(MARKS, (marks) => (marks.length <= MAX_MARKS ? marks : inPieces(Array.from(marks))));
}

/** Separates groups of marks with the invisible U+034F. */
function inPieces(marks: readonly string[]): string {
  return marks.map((mark, index) => (index > 0 && index % MAX_MARKS === 0 ? `\u034f${mark}` : mark)).join('');
}

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

/**
 * The folded text, to be compared as a whole: unlike in a sequence of words, a comma or a semicolon counts. The number
 * of spaces between two words does not, as in RFC 4518 section 2.6.1.
 */
export function foldedValue(text: string): string {
  return foldCase(text).trim().replaceAll(/\s+/gu, ' ');
}

export function hasWords(text: string): boolean {
  return foldedWords(text) !== ' ';
}
