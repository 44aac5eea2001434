const DIGITS = Buffer.from('0123456789ABCDEF');
const COLON = 0x3a;

/** Upper-case hex bytes with colons: `0A:1B`. */
export function colonHex(bytes: Buffer): string {
  if (bytes.length === 0) return '';
  const text = Buffer.allocUnsafe(3 * bytes.length);
  for (let index = 0; index < bytes.length; index += 1) {
    const octet = bytes[index] as number;
    text[3 * index] = DIGITS[octet >> 4] as number;
    text[3 * index + 1] = DIGITS[octet & 0xf] as number;
    text[3 * index + 2] = COLON;
  }
  return text.toString('latin1', 0, text.length - 1);
}
