/**
 * Whether a text has more than this number of characters. Characters are code points, as in JSON Schema: a value that
 * the published document allows must not be refused because JavaScript counts an emoji as two code units.
 */
export function isLongerThan(value: string, most: number): boolean {
  return value.length > most && Array.from(value).length > most;
}
