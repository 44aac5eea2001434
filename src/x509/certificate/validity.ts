import type { DerValue } from '../der/der-reader.js';
import { Tag } from '../der/tag.js';
import { readLenientTime, readTime } from '../der/time.js';

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
