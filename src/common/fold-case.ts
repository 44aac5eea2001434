import { caseFolding } from './case-folding.js';

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
