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
