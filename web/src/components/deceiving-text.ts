export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'mark'; readonly name: string };

/** Controls, format characters (bidirectional ones among them), and separators that no font shows. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cn}\p{Co}]/gu;

/** The text in order, in which each character that nobody would see is its name, as U+202E. */
export function deceivingParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const { 0: character, index } of text.matchAll(UNSEEN)) {
    if (index > end) parts.push({ kind: 'text', text: text.slice(end, index) });
    parts.push({ kind: 'mark', name: `U+${codePointOf(character)}` });
    end = index + character.length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}

/** The text where there can be no marks, as in the title of a page. */
export function visibleText(text: string): string {
  return deceivingParts(text)
    .map((part) => (part.kind === 'text' ? part.text : part.name))
    .join('');
}

function codePointOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}

const WORD = /[\p{L}\p{M}]+/gu;
const LATIN = /\p{Script=Latin}/u;
const LOOKALIKE = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Cherokee}\p{Script=Armenian}]/u;

/** Whether one word has Latin letters and letters of a script that imitates them. */
export function hasMixedScripts(text: string): boolean {
  return (text.match(WORD) ?? []).some((word) => LATIN.test(word) && LOOKALIKE.test(word));
}
