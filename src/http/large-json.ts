import { parseJson } from './json-text.js';

/**
 * The result of the worker thread. The number of values is limited so that the receiving thread can take them over
 * quickly.
 */
export type LargeJson =
  | { readonly kind: 'parsed'; readonly value: unknown }
  /** `message` continues a sentence that begins with `The body`. `refused`: it may be JSON. */
  | { readonly kind: 'malformed' | 'refused'; readonly message: string }
  | { readonly kind: 'tooComplex' };

/**
 * Limits of a large body: the number of values in objects and arrays, not counting the byte values of a file, and the
 * nesting depth.
 */
export const MAX_VALUES = 10_000;
export const MAX_DEPTH = 100;

/** Shorter arrays are counted value by value. This is the size up to which each item of a batch has room. */
const MIN_BYTE_VALUES = 64;

/** Below this size, copying is faster than transferring the buffer. */
const MIN_TRANSFERRED = 4_096;

/** An array of many byte values becomes a Uint8Array, which can be transferred between threads without being copied. */
export function parseLargeJson(bytes: Buffer): LargeJson {
  // Checked before parsing: 2 MiB of `{},` would take a second and 100 MiB.
  if (!hasFewObjects(bytes)) return { kind: 'tooComplex' };
  const parsed = parseJson(bytes);
  if (!parsed.ok) return { kind: parsed.isRefused ? 'refused' : 'malformed', message: parsed.message };
  return hasFewValues(parsed.value) ? { kind: 'parsed', value: parsed.value } : { kind: 'tooComplex' };
}

/** The byte arrays in the value, whose buffers can be transferred. */
export function byteArraysOf(root: unknown): Uint8Array<ArrayBuffer>[] {
  const found: Uint8Array<ArrayBuffer>[] = [];
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (value instanceof Uint8Array) {
      if (value.length >= MIN_TRANSFERRED) found.push(value as Uint8Array<ArrayBuffer>);
    } else if (isContainer(value)) waiting.push(...Object.values(value));
  }
  return found;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);
const COLON = 0x3a;

function hasFewObjects(bytes: Buffer): boolean {
  let found = 0;
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] as number;
    if (byte === QUOTE) isInString = !isInString;
    else if (isInString) index += byte === BACKSLASH ? 1 : 0;
    else if (byte === COLON) found += 1;
    else if (OPENING.has(byte)) {
      found += 1;
      depth += 1;
    } else if (CLOSING.has(byte)) depth -= 1;
    if (found > MAX_VALUES || depth > MAX_DEPTH) return false;
  }
  return true;
}

function hasFewValues(root: unknown): boolean {
  let found = 0;
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const container = waiting.pop();
    if (!isContainer(container)) continue;
    const names = Object.keys(container);
    found += names.length;
    if (found > MAX_VALUES) return false;
    for (const name of names) {
      const value = container[name];
      const bytes = byteValues(value);
      if (bytes === undefined) waiting.push(value);
      // Not an assignment, because `__proto__` must be an ordinary name here.
      else Object.defineProperty(container, name, { value: bytes, enumerable: true });
    }
  }
  return true;
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function byteValues(value: unknown): Uint8Array | undefined {
  if (!Array.isArray(value) || value.length < MIN_BYTE_VALUES) return undefined;
  const bytes = new Uint8Array(value.length);
  for (let index = 0; index < bytes.length; index += 1) {
    const element: unknown = value[index];
    bytes[index] = element as number;
    if (bytes[index] !== element) return undefined;
  }
  return bytes;
}
