/** For codes of ASCII letters: `toUpperCase` would make an I of the dotless i, and SS of ß. */
export function upperCaseAscii(text: string): string {
  return text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());
}
