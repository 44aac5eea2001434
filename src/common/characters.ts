/**
 * Whether a text has more characters than this. They are code points, as JSON Schema counts them: what the published
 * document allows is not refused because JavaScript sees two halves in an emoji.
 */
export function isLongerThan(text: string, most: number): boolean {
  return text.length > most && Array.from(text).length > most;
}
