import { foldCase } from '../common/fold-case.js';
import { isLongerThan } from '../common/text-length.js';

/** In characters. PostgreSQL refuses an index entry of more than 2,700 octets, and with it the row. */
const FOLDED_START = /^.{0,512}/su;

interface SearchedUser {
  readonly extId: string;
  readonly loginId: string;
  readonly firstName: string | null;
  readonly familyName: string | null;
  readonly email: string | null;
  readonly version: number;
}

/** The columns that a user is searched by (contract 8.3). Two login ids with the same folded form are equal (2.4). */
export function searchColumns({ extId, loginId, firstName, familyName, email, version }: SearchedUser) {
  const name = [firstName, familyName].filter((part) => part !== null).join(' ');
  return {
    loginIdFolded: foldCase(loginId),
    familyNameFolded: familyName === null ? null : foldedStart(familyName),
    emailFolded: email === null ? null : foldedStart(email),
    // A part has no line feed, so it is never found across two of these texts.
    searchText: [name, loginId, email ?? '', extId].map(foldedPart).join('\n'),
    searchVersion: version,
  };
}

/** The start of the folded form: for the column and for the beginning that is looked for. */
export function foldedStart(text: string): string {
  return FOLDED_START.exec(foldCase(text))?.[0] ?? '';
}

/** The folded form, in which every run of whitespace is one space. */
function foldedPart(text: string): string {
  return foldCase(text).replaceAll(/\s+/gu, ' ');
}

/** Trigrams serve no shorter part. */
export const MIN_PART = 3;

/** Longer than every text that is searched. */
export const MAX_PART = 501;

/** The folded part to look for, without surrounding spaces; undefined if it is too short or too long. */
export function readPart(text: string): string | undefined {
  const part = foldedPart(text).trim();
  return isLongerThan(text, MAX_PART) || Array.from(part).length < MIN_PART ? undefined : part;
}

/** The pattern of `like` for texts that contain the part. */
export function patternOfPart(part: string): string {
  return `%${part.replaceAll(/[\\%_]/g, '\\$&')}%`;
}

/** What the value of a filter means. */
export type FilterText =
  | { readonly kind: 'equals' | 'begins'; readonly text: string }
  | { readonly kind: 'invalid'; readonly message: string };

/**
 * `Doe*` is what begins with Doe. In a value that ends with an asterisk, `\*` is an asterisk and `\\` a backslash, so
 * `Doe\*` is the text `Doe*`. In any other value every character stands for itself.
 */
export function readFilterText(sent: string): FilterText {
  if (!sent.endsWith('*')) return { kind: 'equals', text: sent };
  const characters = sent.match(/\\[\\*]|./gsu) ?? [];
  const begins = characters.at(-1) === '*';
  const rest = begins ? characters.slice(0, -1) : characters;
  if (rest.includes('*'))
    return { kind: 'invalid', message: 'Only the last character can be a *; \\* is an asterisk.' };
  if (rest.length === 0) return { kind: 'invalid', message: 'At least one character must precede the *.' };
  const text = rest
    .map((character) => (character.length === 2 && character.startsWith('\\') ? character.slice(1) : character))
    .join('');
  return { kind: begins ? 'begins' : 'equals', text };
}
