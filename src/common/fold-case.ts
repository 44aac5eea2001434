/** Most text is; folding it is then a twentieth of the work. */
const ASCII = /^[\u0000-\u007f]*$/;

/**
 * Text for comparison without regard to case and to compatibility forms: NFKC, then full case folding. Done here and
 * not by the database, whose folding depends on the collation of the installation.
 *
 * JavaScript has no case folding: lower case alone leaves `ß` and `SS` apart, upper case of `ẞ` is itself.
 * Lower, upper, lower meets all of CaseFolding.txt but the final sigma, whose lower case depends on its place.
 */
export function foldCase(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');
}
