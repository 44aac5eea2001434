import { type JsonFault, findJsonFault } from './json-fault.js';

type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  /** `isRefused`: it was not parsed, though it may be JSON. */
  | { readonly ok: false; readonly message: string; readonly isRefused: boolean };

/**
 * In octets, far more than the name of any member has. V8 keeps the names of all members in one table, where it finds a name
 * of more than 16,383 characters by its length alone: each new one would be compared with all others of that length.
 */
const MAX_NAME = 4_096;

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses JSON in UTF-8. The message says whether the encoding or the syntax is wrong and where, but quotes nothing,
 * because the text may contain a password.
 */
export function parseJson(bytes: Buffer): ParsedJson {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return {
      ok: false,
      message: `is not valid UTF-8: byte ${firstByteNotUtf8(bytes)} (counted from 1) is invalid`,
      isRefused: false,
    };
  }
  if (bytes.length > MAX_NAME && hasLongName(bytes)) {
    return { ok: false, message: `has a member with a name of more than ${MAX_NAME} octets`, isRefused: true };
  }
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, message: `is not JSON: ${placeOf(findJsonFault(text))}`, isRefused: false };
  }
}

/** Decodes leniently and encodes again; the first difference is the first invalid byte. */
function firstByteNotUtf8(bytes: Buffer): number {
  const repaired = Buffer.from(bytes.toString('utf8'));
  let index = 0;
  while (index < bytes.length && bytes[index] === repaired[index]) index += 1;
  return index + 1;
}

function placeOf({ line, column, atEnd }: JsonFault): string {
  return atEnd ? `it ends too early, at line ${line}, column ${column}` : `see line ${line}, column ${column}`;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const BLANKS: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Whether a string of more than `MAX_NAME` octets is followed by a colon. */
function hasLongName(bytes: Buffer): boolean {
  for (let start = bytes.indexOf(QUOTE); start >= 0;) {
    let end = start + 1;
    while (end < bytes.length && bytes[end] !== QUOTE) end += bytes[end] === BACKSLASH ? 2 : 1;
    let next = end + 1;
    if (end - start > MAX_NAME) {
      while (BLANKS.has(bytes[next])) next += 1;
      if (bytes[next] === COLON) return true;
    }
    start = bytes.indexOf(QUOTE, next);
  }
  return false;
}
