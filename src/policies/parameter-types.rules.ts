import { isLongerThan } from '../common/text-length.js';
import { nearestName } from './nearest-name.rules.js';

/**
 * The parsed value of a parameter, or what was expected instead, as the end of a sentence: "true or false". For a list,
 * `found` is the invalid entry.
 */
export type Reading<T> = { readonly value: T } | { readonly expected: string; readonly found?: string };

/** What the console needs to offer the values that a parameter takes, and no others. */
export type ValueForm =
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** With `off`, also -1. */
  | { readonly kind: 'number'; readonly minimum: number; readonly maximum: number; readonly off: boolean }
  /** Of any text that may be allowed; the suggestions are. */
  | { readonly kind: 'text'; readonly suggestions: readonly string[] }
  | { readonly kind: 'trustAnchorSet' }
  | { readonly kind: 'list'; readonly entry: ValueForm };

/** How the text of a parameter is read, and what the reference says of its form (in Markdown). */
export interface ParameterType<T> {
  readonly name: string;
  /** The values that it takes. */
  readonly allowed: string;
  /** Of a list; each of these characters separates two entries. */
  readonly separators?: string;
  readonly form: ValueForm;
  readonly read: (text: string) => Reading<T>;
}

/** Maximum number of entries; each one adds to the evaluation of every later certificate. */
const MAX_ENTRIES = 100;
const MAX_ENTRY_LENGTH = 250;

export const boolean: ParameterType<boolean> = {
  name: 'boolean',
  allowed: inCode(['true', 'false']),
  form: { kind: 'choice', choices: ['true', 'false'] },
  read: (text) => (text === 'true' || text === 'false' ? { value: text === 'true' } : { expected: 'true or false' }),
};

export function oneOf<Choice extends string>(choices: readonly Choice[]): ParameterType<Choice> {
  return {
    name: 'one word',
    allowed: inCode(choices),
    form: { kind: 'choice', choices },
    read: (text) => {
      const value = choices.find((choice) => choice === text);
      return value === undefined ? { expected: `one of ${choices.join(', ')}` } : { value };
    },
  };
}

export function integer(minimum: number, maximum: number): ParameterType<number> {
  return {
    name: 'whole number',
    allowed: `\`${minimum}\` to \`${maximum}\``,
    form: { kind: 'number', minimum, maximum, off: false },
    read: (text) => {
      const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
      return value >= minimum && value <= maximum
        ? { value }
        : { expected: `a whole number from ${minimum} to ${maximum}` };
    },
  };
}

/** Like {@link integer}, or `-1`, which turns the parameter off. */
export function integerOrOff(minimum: number, maximum: number): ParameterType<number | undefined> {
  const number = integer(minimum, maximum);
  return {
    name: number.name,
    allowed: `${number.allowed}, or \`-1\` for off`,
    form: { kind: 'number', minimum, maximum, off: true },
    read: (text) => {
      if (text === '-1') return { value: undefined };
      const reading = number.read(text);
      return 'value' in reading ? reading : { expected: `${reading.expected}, or -1 for off` };
    },
  };
}

/** A list whose entries have one type. Entries are trimmed; `\` escapes a separator. */
export function listOf<T>(separators: string, entryType: ParameterType<T>): ParameterType<readonly T[]> {
  return {
    name: 'list',
    allowed: `at most ${MAX_ENTRIES} entries of at most ${MAX_ENTRY_LENGTH} characters; each is ${entryType.allowed}`,
    separators,
    form: { kind: 'list', entry: entryType.form },
    read: (text) => {
      const entries = split(text, separators);
      if (entries.length > MAX_ENTRIES) return { expected: `at most ${MAX_ENTRIES} entries` };
      const values: T[] = [];
      for (const entry of entries) {
        if (entry === '')
          return { expected: 'a list without an empty entry; omit the parameter if nothing is required' };
        if (isLongerThan(entry, MAX_ENTRY_LENGTH))
          return { expected: `entries of at most ${MAX_ENTRY_LENGTH} characters`, found: entry };
        const reading = entryType.read(entry);
        if ('expected' in reading) return { expected: reading.expected, found: entry };
        values.push(reading.value);
      }
      return { value: values };
    },
  };
}

/** Accepts any text; `allowed` says what it should be. */
export function anyText(allowed: string): ParameterType<string> {
  return { name: 'text', allowed, form: { kind: 'text', suggestions: [] }, read: (value) => ({ value }) };
}

/**
 * A word from a vocabulary. The error for another word has no list of the vocabulary, which would be too long, but
 * suggests the nearest word. Names in `otherNames` are not accepted either; the error suggests the accepted one.
 */
export function known<T>(
  kind: string,
  words: ReadonlyMap<string, T>,
  otherNames: ReadonlyMap<string, string> = new Map(),
): ParameterType<T> {
  return {
    name: 'one word',
    allowed: `one of ${inCode([...words.keys()])}`,
    form: { kind: 'choice', choices: [...words.keys()] },
    read: (word) => {
      const value = words.get(word);
      if (value !== undefined) return { value };
      const meant = otherNames.get(word) ?? nearestName(word, [...words.keys()]);
      return { expected: meant === undefined ? kind : `${kind}, perhaps ${meant}` };
    },
  };
}

/** Values in Markdown, separated by commas. */
export function inCode(values: readonly string[]): string {
  return values.map((value) => `\`${value}\``).join(', ');
}

function split(list: string, separators: string): string[] {
  const entries: string[] = [];
  let entry = '';
  for (let at = 0; at < list.length; at += 1) {
    const character = list.charAt(at);
    const next = list.charAt(at + 1);
    if (character === '\\' && next !== '' && (next === '\\' || separators.includes(next))) {
      entry += next;
      at += 1;
    } else if (separators.includes(character)) {
      entries.push(entry.trim());
      entry = '';
    } else {
      entry += character;
    }
  }
  return [...entries, entry.trim()];
}
