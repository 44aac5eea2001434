import { caseFolding } from './case-folding.js';

/** Most text is; folding it is then a twentieth of the work. */
const ASCII = /^[\u0000-\u007f]*$/;

/**
 * Text for comparison without regard to case and to compatibility forms: NFKC, then full case folding. Done here and
 * not by the database, whose folding depends on the collation of the installation. Folding may take composed letters
 * apart; the second NFKC makes the result stable.
 */
export function foldCase(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return caseFolding(text.normalize('NFKC')).normalize('NFKC');
}
