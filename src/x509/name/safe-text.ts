/**
 * A backslash, the controls C0, DEL and C1, the line and paragraph separators, and the bidirectional controls of Unicode
 * (UAX #9): texts from certificates are shown in logs, terminals and web pages, and must not change the text around
 * them.
 */
const ESCAPED =
  // oxlint-disable-next-line no-misleading-character-class
  /[\\\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** `\` before a backslash, and `\` with UTF-8 hex for each octet of an unsafe character, so that texts stay distinct. */
export function safeText(text: string): string {
  return text.replace(ESCAPED, (character) => (character === '\\' ? '\\\\' : hexPairs(character)));
}

export function hexPairs(character: string): string {
  return Buffer.from(character, 'utf8').toString('hex').toUpperCase().replace(/../g, '\\$&');
}
