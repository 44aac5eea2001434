/**
 * Base64 in its only canonical form (RFC 4648 sections 3.5 and 4): padded, without whitespace, and with unused bits zero.
 * Undefined for anything else, and for nothing.
 */
export function readBase64(text: string): Buffer | undefined {
  const octets = Buffer.from(text, 'base64');
  return octets.length > 0 && octets.toString('base64') === text ? octets : undefined;
}

/** A byte sequence of a structured field, without parameters (RFC 9651 section 3.3.5). */
export function readByteSequence(text: string): Buffer | undefined {
  return text.length > 2 && text.startsWith(':') && text.endsWith(':') ? readBase64(text.slice(1, -1)) : undefined;
}
