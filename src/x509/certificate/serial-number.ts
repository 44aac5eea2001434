/** `octets`: two's complement, at least one. The result has the form of `Certificate.serial`. */
export function formatSerialNumber(octets: Buffer): string {
  if (octets.readUInt8(0) < 0x80) return upperHex(octets.toString('hex'));
  const magnitude = 2n ** BigInt(octets.length * 8) - BigInt(`0x${octets.toString('hex')}`);
  const hex = magnitude.toString(16);
  return `-${upperHex(hex.padStart(hex.length + (hex.length % 2), '0'))}`;
}

/** Complete octets, without a leading zero octet that only marks the number as positive. */
function upperHex(hex: string): string {
  return (hex.length > 2 && hex.startsWith('00') ? hex.slice(2) : hex).toUpperCase();
}

/** RFC 5280 section 4.1.2.2: positive, at most 20 octets. */
export function checkSerialNumber(octets: Buffer, problems: string[]): void {
  if (octets.readInt8(0) < 0) problems.push('it is negative');
  if (octets.length === 1 && octets[0] === 0) problems.push('it is zero');
  if (octets.length > 20) problems.push('it is longer than 20 octets');
}
