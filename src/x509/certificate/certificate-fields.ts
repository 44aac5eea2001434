import type { DerValue } from '../der/der-reader.js';
import { Tag } from '../der/tag.js';
import { readLenientTime, readTime } from '../der/time.js';

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

/** Undefined if the time cannot be read; the certificate is then refused. */
export function readValidityTime(value: DerValue): Date | undefined {
  const time = readTime(value) ?? readLenientTime(value);
  // Only years that ISO 8601 writes with four digits.
  return time !== undefined && time.getUTCFullYear() >= 0 && time.getUTCFullYear() <= 9999 ? time : undefined;
}

/** RFC 5280 section 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050 on, each in exactly one form. */
export function checkValidityTime(value: DerValue, problems: string[]): void {
  const time = readTime(value);
  if (time === undefined) problems.push('a time is not in the form that RFC 5280 prescribes');
  else if (value.tag === Tag.generalizedTime && time.getUTCFullYear() < 2050) {
    problems.push('a date before 2050 is not a UTCTime');
  }
}

const DIGITS = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0').toUpperCase());

/** Upper-case hex bytes with colons: `0A:1B`. */
export function colonHex(bytes: Buffer): string {
  let text = '';
  for (const octet of bytes) text += `:${DIGITS[octet]}`;
  return text.slice(1);
}
