/**
 * Whether a text has more than this number of characters. Characters are code points, as in JSON Schema: a value that
 * the published document allows must not be refused because JavaScript counts an emoji as two code units.
 */
export function isLongerThan(text: string, most: number): boolean {
  return text.length > most && Array.from(text).length > most;
}
