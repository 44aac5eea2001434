export type P12Bytes =
  | { readonly ok: true; readonly bytes: Buffer }
  /** `message` continues a sentence that begins with the member's name. */
  | { readonly ok: false; readonly tooLarge: boolean; readonly message: string };

/**
 * Reads `p12` of L3, L5 and L7: at most `most` bytes, as an array of byte values (a Uint8Array if the body was large)
 * or base64.
 */
export function readP12Bytes(sent: unknown, most: number): P12Bytes {
  if (typeof sent === 'string') return readBase64(sent, most);
  if (sent instanceof Uint8Array) {
    return sent.length > most
      ? tooLarge(most)
      : { ok: true, bytes: Buffer.from(sent.buffer, sent.byteOffset, sent.length) };
  }
  if (!Array.isArray(sent)) return refuse('must be an array of byte values, or base64');
  if (sent.length > most) return tooLarge(most);
  const bytes = Buffer.allocUnsafe(sent.length);
  // A loop, because calling a function for each of 262,144 values would take ten times as long.
  for (let index = 0; index < sent.length; index += 1) {
    const value: unknown = sent[index];
    if (!isByte(value)) return refuse('contains a value that is not a whole number from 0 to 255');
    bytes[index] = value;
  }
  return { ok: true, bytes };
}

function readBase64(sent: string, most: number): P12Bytes {
  const bytes = Buffer.from(sent, 'base64');
  if (!isBase64Of(sent, bytes.length)) return refuse('must be base64 (RFC 4648), or an array of byte values');
  return bytes.length > most ? tooLarge(most) : { ok: true, bytes };
}

/**
 * RFC 4648 section 4, padded, without whitespace. The decoder skips invalid characters and accepts the URL-safe
 * alphabet, so both are checked here; a regular expression would take ten times as long as the decoder.
 */
function isBase64Of(sent: string, decodedLength: number): boolean {
  const padding = sent.endsWith('==') ? 2 : Number(sent.endsWith('='));
  const isComplete = sent.length % 4 === 0 && decodedLength === (sent.length / 4) * 3 - padding;
  return isComplete && !sent.includes('-') && !sent.includes('_');
}

function isByte(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255;
}

function tooLarge(most: number): P12Bytes {
  return { ok: false, tooLarge: true, message: `must have at most ${most} bytes` };
}

function refuse(message: string): P12Bytes {
  return { ok: false, tooLarge: false, message };
}
