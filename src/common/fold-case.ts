import { caseFolding } from './case-folding.js';

/** Most text is; folding it is then a twentieth of the work. */
const ASCII = /^[\u0000-\u007f]*$/;

const MARKS = /\p{M}+/gu;

/** More marks on one letter than any language has. */
const MANY_MARKS = 30;

/**
 * Text for comparison without regard to case and to compatibility forms: NFKC, then full case folding. Done here and
 * not by the database, whose folding depends on the collation of the installation. Folding may take composed letters
 * apart; the second NFKC makes the result stable.
 */
export function foldCase(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return caseFolding(streamSafe(text).normalize('NFKC')).normalize('NFKC');
}

/** After UAX #15, Stream-Safe Text: normalising sorts each run of marks, in time that is quadratic in its length. */
function streamSafe(text: string): string {
  return text.replaceAll(MARKS, (marks) => (marks.length <= MANY_MARKS ? marks : inPieces(Array.from(marks))));
}

/** U+034F, which is not seen, keeps what stands before it apart from what follows. */
function inPieces(marks: readonly string[]): string {
  return marks.map((mark, index) => (index > 0 && index % MANY_MARKS === 0 ? `\u034f${mark}` : mark)).join('');
}
