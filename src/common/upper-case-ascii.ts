/** For codes of ASCII letters. `toUpperCase` would turn the dotless i into I, and ß into SS. */
export function upperCaseAscii(text: string): string {
  return text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());
}
