import { DerError } from './der-error.js';
import type { DerValue } from './der-reader.js';

/** DER allows only two values (X.690 section 11.1). */
export function readBoolean(value: DerValue): boolean {
  const { content } = value;
  if (content.length !== 1) throw new DerError('a boolean is not one octet');
  if (content[0] === 0xff) return true;
  if (content[0] === 0x00) return false;
  throw new DerError('a boolean is neither 00 nor FF');
}

/** The two's complement octets of an INTEGER, checked to be minimal (X.690 section 8.3.2). */
export function readIntegerOctets(value: DerValue): Buffer {
  const octets = value.content;
  const [first, second] = octets;
  if (first === undefined) throw new DerError('an integer has no octets');
  if (second !== undefined && ((first === 0x00 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw new DerError('an integer is not minimal');
  }
  return octets;
}

/** A small count, such as a path length; values above 2³¹-1 are refused. */
export function readCount(value: DerValue): number {
  const octets = readIntegerOctets(value);
  if (octets.readInt8(0) < 0) throw new DerError('a count is negative');
  if (octets.length > 4) throw new DerError('a count is too large');
  return octets.readUIntBE(0, octets.length);
}

export interface BitString {
  readonly unusedBits: number;
  readonly octets: Buffer;
}

/** Unused bits must be zero (X.690 section 11.2.1). */
export function readBitString(value: DerValue): BitString {
  const { content } = value;
  const unusedBits = content[0];
  if (unusedBits === undefined) throw new DerError('a bit string has no octets');
  const octets = content.subarray(1);
  if (unusedBits > 7 || (octets.length === 0 && unusedBits > 0)) {
    throw new DerError('a bit string has a wrong number of unused bits');
  }
  const last = octets.at(-1) ?? 0;
  if ((last & ((1 << unusedBits) - 1)) !== 0) throw new DerError('a bit string has unused bits that are not zero');
  return { unusedBits, octets };
}

/** The numbers of the bits that are set, in ascending order. */
export function readNamedBits(value: DerValue, problems: string[]): number[] {
  const { octets, unusedBits } = readBitString(value);
  const bits: number[] = [];
  for (let bit = 0; bit < octets.length * 8; bit += 1) {
    if ((octets.readUInt8(bit >> 3) & (0x80 >> (bit & 7))) !== 0) bits.push(bit);
  }
  // X.690 section 11.2.2: a named bit list must end with the last bit that is set.
  if (octets.length * 8 - unusedBits !== (bits.at(-1) ?? -1) + 1) problems.push('a bit list has trailing zero bits');
  return bits;
}
