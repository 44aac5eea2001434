/**
 * What dates and numbers are written in: the language of the page, as in the reader's region. A Swiss browser whose
 * reader has chosen English has the dates of Switzerland in English.
 */
export function formatsOf(language: string, tags: readonly string[]): string {
  const own = tags.find((tag) => tag.slice(0, 2) === language && regionOf(tag) !== undefined);
  if (own !== undefined) return own;
  const region = tags.map(regionOf).find((found) => found !== undefined);
  return region === undefined ? language : `${language}-${region}`;
}

function regionOf(tag: string): string | undefined {
  try {
    return new Intl.Locale(tag).region;
  } catch {
    return undefined;
  }
}
