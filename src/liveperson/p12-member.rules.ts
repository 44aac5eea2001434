const MEMBER = Buffer.from('"p12"');
const COLON = 0x3a;
const OPENING = 0x5b;
const CLOSING = 0x5d;
const COMMA = 0x2c;
const ZERO = 0x30;
const BACKSLASH = 0x5c;

/**
 * The same JSON with each `p12` that is an array of byte values in base64, which the routes take as well. JSON.parse
 * would make an array of a quarter of a million numbers, in twenty times the time and ten times the memory. What is
 * not such an array stays as it is, for others to judge.
 */
export function withP12InBase64(json: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let copied = 0;
  for (let at = json.indexOf(MEMBER); at !== -1; at = json.indexOf(MEMBER, at + MEMBER.length)) {
    // A quotation mark within a text; that of a text's end is no member's beginning.
    if (json[at - 1] === BACKSLASH) continue;
    const colon = afterSpace(json, at + MEMBER.length);
    const start = afterSpace(json, colon + 1);
    if (json[colon] !== COLON || json[start] !== OPENING) continue;
    const read = readByteArray(json, start);
    if (read === undefined) continue;
    pieces.push(json.subarray(copied, start), Buffer.from(`"${read.bytes.toString('base64')}"`, 'latin1'));
    copied = read.end;
  }
  return copied === 0 ? json : Buffer.concat([...pieces, json.subarray(copied)]);
}

/**
 * `end`: after the closing bracket. One loop without calls: it runs a million times for the largest file.
 */
function readByteArray(json: Buffer, start: number): { bytes: Buffer; end: number } | undefined {
  const closing = json.indexOf(CLOSING, start);
  // A value takes at least itself and what follows it.
  const bytes = Buffer.allocUnsafe(Math.max(0, (closing - start) >> 1));
  let length = 0;
  let value = 0;
  let digits = 0;
  let ended = false;
  for (let position = start + 1; position <= closing; position += 1) {
    const byte = json[position] as number;
    const digit = byte - ZERO;
    if (digit >= 0 && digit <= 9) {
      // After white space, or after a leading zero, there is no further digit.
      if (ended || (digits > 0 && value === 0)) return undefined;
      value = value * 10 + digit;
      digits += 1;
      if (value > 255) return undefined;
    } else if (byte === COMMA || byte === CLOSING) {
      if (digits === 0) return undefined;
      bytes[length] = value;
      length += 1;
      value = 0;
      digits = 0;
      ended = false;
    } else if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      ended = digits > 0;
    } else {
      return undefined;
    }
  }
  return length === 0 ? undefined : { bytes: bytes.subarray(0, length), end: closing + 1 };
}

/** RFC 8259 section 2: space, tab, line feed, carriage return. */
function afterSpace(json: Buffer, position: number): number {
  let next = position;
  for (let byte = json[next]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = json[next]) {
    next += 1;
  }
  return next;
}
