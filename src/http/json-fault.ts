export interface JsonFault {
  /** Line and column start at 1; columns count UTF-16 code units, as editors and browsers do. */
  readonly line: number;
  readonly column: number;
  readonly atEnd: boolean;
}

const LITERAL = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
const PART_OF_LITERAL = /^[\w.+-]/;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

type Expected = 'value' | 'valueOrEnd' | 'name' | 'nameOrEnd' | 'colon' | 'separator';

/**
 * Finds the position at which a text stops being valid JSON. `JSON.parse` reports it only for some errors, and quotes
 * the input. Linear and without recursion, because the caller chooses the nesting depth.
 */
export function findJsonFault(text: string): JsonFault {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let index = skipBlanks(text, 0);
  while (index < text.length) {
    const character = text[index] as string;
    const isName: boolean = expected === 'name' || expected === 'nameOrEnd';
    const isValue: boolean = expected === 'value' || expected === 'valueOrEnd';
    let next = index + 1;
    if (character === '"' && (isName || isValue)) {
      const end = endOfString(text, index);
      if (!end.ok) return faultAt(text, end.index);
      next = end.index;
      expected = isName ? 'colon' : 'separator';
    } else if (isValue && (character === '{' || character === '[')) {
      open.push(character);
      expected = character === '{' ? 'nameOrEnd' : 'valueOrEnd';
    } else if (closes(character, expected, open.at(-1))) {
      open.pop();
      expected = 'separator';
    } else if (expected === 'colon' && character === ':') {
      expected = 'value';
    } else if (expected === 'separator' && character === ',' && open.length > 0) {
      expected = open.at(-1) === '{' ? 'name' : 'value';
    } else {
      if (!isValue) return faultAt(text, index);
      next = endOfListedNumber(text, index);
      if (next === index) {
        LITERAL.lastIndex = index;
        if (!LITERAL.test(text)) return faultAt(text, index);
        next = LITERAL.lastIndex;
        if (PART_OF_LITERAL.test(text.charAt(next))) return faultAt(text, index);
      }
      expected = 'separator';
    }
    index = skipBlanks(text, next);
  }
  return faultAt(text, text.length);
}

function closes(character: string, expected: Expected, innermost: '{' | '[' | undefined): boolean {
  if (character === '}') return innermost === '{' && (expected === 'nameOrEnd' || expected === 'separator');
  return character === ']' && innermost === '[' && (expected === 'valueOrEnd' || expected === 'separator');
}

/**
 * The index after a natural number that is followed by a comma, otherwise `start`. A fast path for the byte values of
 * files, where a regular expression per number would be too slow.
 */
function endOfListedNumber(text: string, start: number): number {
  if (text[start] === '0') return text[start + 1] === ',' ? start + 1 : start;
  let index = start;
  while (isDigit(text.charCodeAt(index))) index += 1;
  return text[index] === ',' ? index : start;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** The index after the string that begins at `start`, or the index of a character that a string must not contain. */
function endOfString(text: string, start: number): { readonly ok: boolean; readonly index: number } {
  let index = start + 1;
  while (index < text.length) {
    const character = text[index] as string;
    if (character === '"') return { ok: true, index: index + 1 };
    if (character < ' ') return { ok: false, index };
    if (character === '\\') {
      ESCAPE.lastIndex = index;
      if (!ESCAPE.test(text)) return { ok: false, index };
      index = ESCAPE.lastIndex;
    } else {
      index += 1;
    }
  }
  return { ok: false, index };
}

function skipBlanks(text: string, start: number): number {
  let index = start;
  for (; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code !== 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) break;
  }
  return index;
}

function faultAt(text: string, index: number): JsonFault {
  const before = text.slice(0, index).split(/\r\n|\n|\r/);
  return { line: before.length, column: (before.at(-1) as string).length + 1, atEnd: index >= text.length };
}
