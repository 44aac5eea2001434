import { type JsonFault, findJsonFault } from './json-fault.js';

type ParsedJson = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

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
    return { ok: false, message: `is not valid UTF-8: byte ${firstByteNotUtf8(bytes)} (counted from 1) is invalid` };
  }
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, message: `is not JSON: ${placeOf(findJsonFault(text))}` };
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
