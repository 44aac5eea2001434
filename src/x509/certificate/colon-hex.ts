/** Upper-case hex bytes with colons: `0A:1B`. */
export function colonHex(bytes: Buffer): string {
  return bytes
    .toString('hex')
    .toUpperCase()
    .replace(/..(?!$)/g, '$&:');
}
