const DIGITS = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0').toUpperCase());

/** Upper-case hex bytes with colons: `0A:1B`. */
export function colonHex(bytes: Buffer): string {
  let text = '';
  for (const octet of bytes) text += `:${DIGITS[octet]}`;
  return text.slice(1);
}
