import { DerError } from '../der/der-error.js';
import { encode } from '../der/encode.js';
import { Tag } from '../der/tag.js';

/**
 * PKCS#12 needs about fifteen levels; nested constructed strings with 200 levels have been seen. Each level costs a
 * copy.
 */
const MAX_DEPTH = 256;

const CONSTRUCTED = 0x20;
const CONSTRUCTED_OCTET_STRING = Tag.octetString | CONSTRUCTED;

interface Element {
  readonly tag: number;
  readonly content: Buffer;
  /** The start of the next element. */
  readonly end: number;
}

/**
 * Converts the only BER value in `ber` (X.690 section 8) to definite, minimal lengths and joins constructed OCTET
 * STRINGs, so that `DerReader` can read it. Contents of primitive values are unchanged, and DER input is returned
 * unchanged.
 *
 * @throws DerError if it is not BER, is nested too deeply, or is followed by more data
 */
export function toDer(ber: Buffer): Buffer {
  const element = read(ber, 0, ber.length, 0);
  if (element.end !== ber.length) throw new DerError('bytes follow the end of the value');
  return encode(element.tag, element.content);
}

/** Like `toDer` for the first value in `ber`, because a line end or padding may follow a file. */
export function firstToDer(ber: Buffer): Buffer {
  const element = read(ber, 0, ber.length, 0);
  return encode(element.tag, element.content);
}

function read(ber: Buffer, start: number, limit: number, depth: number): Element {
  if (depth > MAX_DEPTH) throw new DerError('values are nested too deeply');
  const tag = octetAt(ber, start, limit);
  if ((tag & 0x1f) === 0x1f) throw new DerError('a tag number is above 30');
  const { contentStart, length } = readLength(ber, start + 1, limit);
  if (length === undefined) {
    if ((tag & CONSTRUCTED) === 0) throw new DerError('a primitive value has an indefinite length');
    const { elements, end } = readUntilEndOfContents(ber, contentStart, limit, depth + 1);
    return construct(tag, elements, end);
  }
  const end = contentStart + length;
  if (end > limit) throw new DerError('a length is beyond the data');
  if ((tag & CONSTRUCTED) === 0) return { tag, content: ber.subarray(contentStart, end), end };
  return construct(tag, readAll(ber, contentStart, end, depth + 1), end);
}

/** `length` is undefined if the length is indefinite. */
function readLength(ber: Buffer, start: number, limit: number): { contentStart: number; length: number | undefined } {
  const first = octetAt(ber, start, limit);
  if (first === 0x80) return { contentStart: start + 1, length: undefined };
  if (first < 0x80) return { contentStart: start + 1, length: first };
  const contentStart = start + 1 + (first & 0x7f);
  let length = 0;
  for (let position = start + 1; position < contentStart; position += 1) {
    length = length * 256 + octetAt(ber, position, limit);
  }
  return { contentStart, length };
}

function readAll(ber: Buffer, start: number, end: number, depth: number): Element[] {
  const elements: Element[] = [];
  for (let position = start; position < end;) {
    const element = read(ber, position, end, depth);
    elements.push(element);
    position = element.end;
  }
  return elements;
}

function readUntilEndOfContents(ber: Buffer, start: number, limit: number, depth: number) {
  const elements: Element[] = [];
  let position = start;
  while (octetAt(ber, position, limit) !== 0) {
    const element = read(ber, position, limit, depth);
    elements.push(element);
    position = element.end;
  }
  if (octetAt(ber, position + 1, limit) !== 0) throw new DerError('the end-of-contents octets are wrong');
  return { elements, end: position + 2 };
}

function construct(tag: number, elements: readonly Element[], end: number): Element {
  if (tag !== CONSTRUCTED_OCTET_STRING) {
    return { tag, content: Buffer.concat(elements.map((element) => encode(element.tag, element.content))), end };
  }
  if (elements.some((element) => element.tag !== Tag.octetString)) {
    throw new DerError('a constructed octet string contains another type');
  }
  return { tag: Tag.octetString, content: Buffer.concat(elements.map(({ content }) => content)), end };
}

function octetAt(ber: Buffer, position: number, limit: number): number {
  const octet = position < limit ? ber[position] : undefined;
  if (octet === undefined) throw new DerError('the data ends too early');
  return octet;
}
